namespace ThreeClassrooms.Agent.Telemetry;

/// <summary>The machine's boot id: new at every start of the machine, the same for all programs on it.</summary>
internal static class MachineBoot
{
    private const string KernelFile = "/proc/sys/kernel/random/boot_id";

    /// <summary>Where the kernel gives none, a random one that lasts as long as this process.</summary>
    public static Guid Id { get; } = Read();

    private static Guid Read()
    {
        try
        {
            return Guid.TryParse(File.ReadAllText(KernelFile).Trim(), out Guid id) ? id : Guid.NewGuid();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Guid.NewGuid();
        }
    }
}
