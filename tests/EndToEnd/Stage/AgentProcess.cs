using System.Text.Json;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.EndToEnd.Stage;

/// <summary>One second of what an agent saw of a stream, from its statistics file.</summary>
public sealed record AgentSecond(string StreamId, JsonElement Row)
{
    /// <summary>End of the second, by the agent's clock.</summary>
    public DateTimeOffset At => Row.GetProperty("at").GetDateTimeOffset();

    public double Number(string name) => Row.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : double.NaN;
}

/// <summary>A classroom agent as a process of its own, with its data folder; can be killed and started again as the same device.</summary>
public sealed class AgentProcess : IDisposable
{
    private readonly List<string> _run;

    private readonly Dictionary<string, string> _environment;

    private AgentProcess(string folder, IEnumerable<string> run, string? display)
    {
        (Folder, _run) = (folder, [.. run]);
        // Its children's sockets go into its folder, as under a service manager, and with it when the story is over.
        _environment = new Dictionary<string, string> { ["RUNTIME_DIRECTORY"] = folder };
        if (display is not null)
        {
            _environment["DISPLAY"] = display;
        }
    }

    public string Folder { get; }

    public string Stats => Path.Combine(Folder, "stats.jsonl");

    public ChildProcess? Process { get; private set; }

    /// <summary>Enrols with a code and begins to run.</summary>
    public static Task<AgentProcess> StartAsync(Uri hub, string code, DeviceRole role, string source, params string[] more) =>
        StartAsync(hub, code, source, role == DeviceRole.Main ? "none" : "verify", null, more);

    /// <summary>A receiving room that shows its lesson on an X display.</summary>
    public static Task<AgentProcess> StartOnScreenAsync(Uri hub, string code, string display) =>
        StartAsync(hub, code, "test", "screen", display, ["--audio-output", "null"]);

    private static async Task<AgentProcess> StartAsync(Uri hub, string code, string source, string playback, string? display, IEnumerable<string> more)
    {
        string folder = Repository.NewFolder("agent");
        using ChildProcess enrol = ChildProcess.Start("dotnet", [Repository.Agent, "enrol", "--hub", hub.ToString(), "--code", code, "--data", folder]);
        await enrol.ExitAsync(TimeSpan.FromSeconds(30));
        if (enrol.ExitCode != 0)
        {
            throw new InvalidOperationException($"The agent could not enrol.\n{enrol.Tail()}");
        }

        var agent = new AgentProcess(
            folder,
            [
                "run", "--data", folder, "--source", source, "--playback", playback, "--stats", Path.Combine(folder, "stats.jsonl"), .. more,
            ],
            display);
        agent.StartAgain();
        return agent;
    }

    public void StartAgain() => Process = ChildProcess.Start("dotnet", [Repository.Agent, .. _run], environment: _environment);

    /// <summary>kill −9 of the agent alone; its children must notice by themselves.</summary>
    public void Kill() => Process?.Kill();

    /// <summary>All whole rows of the statistics file so far.</summary>
    public IReadOnlyList<AgentSecond> Seconds()
    {
        if (!File.Exists(Stats))
        {
            return [];
        }

        using var file = new FileStream(Stats, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        string[] lines = reader.ReadToEnd().Split('\n');
        return [.. lines.SkipLast(1).Where(l => l.Length > 0).Select(l => JsonDocument.Parse(l).RootElement)
            .Select(row => new AgentSecond(row.TryGetProperty("streamId", out JsonElement id) ? id.GetString() ?? "" : "", row))];
    }

    public void Dispose()
    {
        Process?.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
