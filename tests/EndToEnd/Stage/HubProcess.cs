using System.Text.Json.Nodes;

namespace ThreeClassrooms.EndToEnd.Stage;

/// <summary>A hub as a process of its own, with the demo county and a short period; can be killed and started again on the same data.</summary>
public sealed class HubProcess : IAsyncDisposable
{
    private readonly List<string> _more;
    private ChildProcess? _process;

    private HubProcess(string folder, int port, IEnumerable<string> more) => (Folder, Port, _more) = (folder, port, [.. more]);

    public string Folder { get; }

    public int Port { get; }

    public Uri Address => new($"http://127.0.0.1:{Port}");

    public ChildProcess Process => _process ?? throw new InvalidOperationException("The hub is not running.");

    public static async Task<HubProcess> StartAsync(params string[] more)
    {
        var hub = new HubProcess(Repository.NewFolder("hub"), Repository.FreePort(), more);
        await File.WriteAllTextAsync(Path.Combine(hub.Folder, "county.json"), CountyFreeToday());
        await hub.StartAgainAsync();
        return hub;
    }

    /// <param name="before">What the hub's program runs under, e.g. a tracer; null: nothing.</param>
    public async Task StartAgainAsync(IReadOnlyList<string>? before = null)
    {
        Start(null, before);
        using var http = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(2) };
        await Eventually.IsTrueAsync(
            async () =>
            {
                if (Process.HasExited)
                {
                    throw new InvalidOperationException($"The hub ended with {Process.ExitCode}.\n{Process.Tail()}");
                }

                try
                {
                    return (await http.GetAsync("/healthz")).IsSuccessStatusCode;
                }
                catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException)
                {
                    return false;
                }
            },
            TimeSpan.FromSeconds(60), () => Process.Tail());
    }

    /// <summary>Starts it and does not wait until it listens.</summary>
    public void Start(IReadOnlyDictionary<string, string>? environment, IReadOnlyList<string>? before = null)
    {
        string[] run = [.. before ?? [], "dotnet", Repository.Hub];
        _process = ChildProcess.Start(run[0],
        [
            .. run[1..], $"--Hub:Port={Port}", $"--Hub:DataFolder={Folder}", $"--Hub:SeedCounty={Path.Combine(Folder, "county.json")}",
            $"--Credit:PolicyFile={Path.Combine(Repository.Root, "tests", "EndToEnd", "Stage", "short-policy.json")}", "--Lessons:OverrunLimit=00:00:00",
            "--Lessons:SettleTime=00:00:03", "--Accounts:SignInsPerMinute=1000", "--Mqtt:Mode=Off", .. _more,
        ], environment: environment);
    }

    /// <summary>kill −9.</summary>
    public void Kill() => Process.Kill();

    /// <summary>Lines that the hub logged as errors; a story that went well has none.</summary>
    public IEnumerable<string> Errors => Process.Lines.Where(l => l.Contains(" ERR]", StringComparison.Ordinal) || l.Contains("[ERR", StringComparison.Ordinal) || l.Contains("Unhandled", StringComparison.Ordinal));

    /// <summary>The demo county without today's lessons: their rooms and teachers are free for the story, whatever the time of day.</summary>
    private static string CountyFreeToday()
    {
        JsonNode county = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "config", "demo-county.json")))!;
        var lessons = county["lessons"]!.AsArray();
        foreach (JsonNode? today in lessons.Where(l => (int)l!["day"]! == 0).ToArray())
        {
            lessons.Remove(today);
        }

        return county.ToJsonString();
    }

    public ValueTask DisposeAsync()
    {
        _process?.Dispose();
        Directory.Delete(Folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}
