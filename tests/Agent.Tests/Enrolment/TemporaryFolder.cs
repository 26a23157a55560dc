namespace ThreeClassrooms.Agent.Tests.Enrolment;

/// <summary>A folder of its own for one test, removed afterwards.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("agent-test-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
