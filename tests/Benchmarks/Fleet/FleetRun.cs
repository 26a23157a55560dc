using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using ThreeClassrooms.Agent.Simulation;

namespace ThreeClassrooms.Benchmarks.Fleet;

/// <summary>
/// One hub with its broker and a county of simulated agents, all on this machine: from cold to all connected, a steady minute after the other, the broker killed,
/// the hub killed. Prints a table.
/// </summary>
internal sealed class FleetRun : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(180);

    private readonly int _agents, _port, _seconds;
    private readonly string _work = Directory.CreateTempSubdirectory("fleet-").FullName;
    private readonly string _root;
    private readonly List<(string What, string Figure)> _table = [];
    private readonly List<string> _stages;
    private WatchedProgram? _hub, _simulator;
    private StaffEye? _eye;

    private FleetRun(Arguments arguments)
    {
        (_agents, _port, _seconds) = (arguments.Number("agents", 2000), arguments.Number("port", 8620), arguments.Number("seconds", 120));
        _stages = [.. arguments.Text("stages", "steady,broker,hub").Split(',')];
        _root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(_root, "ThreeClassrooms.sln")))
        {
            _root = Path.GetDirectoryName(_root) ?? throw new InvalidOperationException("Run it inside the repository.");
        }
    }

    private Uri Address => new($"http://127.0.0.1:{_port}");

    private string HubData => Path.Combine(_work, "hub");

    private string Database => Path.Combine(HubData, "hub.db");

    private string Devices => Path.Combine(_work, "devices");

    private string Stats => Path.Combine(_work, "stats.jsonl");

    public static async Task RunAsync(Arguments arguments)
    {
        await using var run = new FleetRun(arguments);
        try
        {
            await run.PrepareAsync();
            Console.Error.WriteLine($"{DateTime.UtcNow:HH:mm:ss} begins in {run._work}");
            await run.ConnectAsync();
            if (run._stages.Contains("steady"))
            {
                await run.SteadyAsync();
            }

            if (run._stages.Contains("broker"))
            {
                await run.KillBrokerAsync();
            }

            if (run._stages.Contains("hub"))
            {
                await run.KillHubAsync();
            }
        }
        finally
        {
            run.Print();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _eye?.Dispose();
        _simulator?.Stop();
        _simulator?.Dispose();
        _hub?.Stop();
        _hub?.Dispose();
        await Task.Delay(500);
        Directory.Delete(_work, recursive: true);
    }

    /// <summary>A hub that has run before, and devices enrolled there.</summary>
    private async Task PrepareAsync()
    {
        string county = Path.Combine(_work, "county.json");
        await File.WriteAllTextAsync(county, FleetCounty.Text(_agents));
        StartHub($"--Hub:SeedCounty={county}");
        string certificate = Path.Combine(HubData, "broker", "broker.crt");
        await UntilAsync(async () => await AnswersAsync() && File.Exists(certificate), null);
        _hub!.Stop();
        await FleetCounty.EnrolAsync(Database, Devices, Address, _port + 1, await File.ReadAllTextAsync(certificate));
    }

    private async Task ConnectAsync()
    {
        long began = Stopwatch.GetTimestamp();
        StartHub();
        _simulator = WatchedProgram.Start(
            Path.Combine(_work, "simulator.log"), "dotnet", Path.Combine(_root, "classroom-agent", "bin", "Release", "net10.0", "ThreeClassrooms.Agent.dll"), "simulate", "--hub",
            Address.ToString(), "--count", $"{_agents}", "--folder", Devices, "--faults", SimulationOptions.NoFaults, "--stats", Stats);
        await UntilAsync(AnswersAsync, null);
        Add("hub answers, from cold", Seconds(began));
        await UntilAsync(() => Task.FromResult(Online() == _agents), null);
        Add($"{_agents} agents connected, from cold (hub, broker and agents started at once)", Seconds(began));
        _eye = new StaffEye(Address);
        await UntilAsync(_eye.TrySignInAsync, null);
        await UntilAsync(async () => (await _eye.LookAsync())?.Healthy == _agents, null);
        Add("the board shows all of them well", Seconds(began));
        using WatchedProgram broker = Broker();
        Add("processor time so far: hub, broker, agents", $"{_hub!.ProcessorTime().TotalSeconds:F1} s, {broker.ProcessorTime().TotalSeconds:F1} s, {_simulator.ProcessorTime().TotalSeconds:F1} s");
    }

    private async Task SteadyAsync()
    {
        await Task.Delay(TimeSpan.FromSeconds(20)); // the first reports are told within ten seconds, and written within ten more
        using WatchedProgram broker = Broker();
        WatchedProgram[] programs = [_hub!, broker, _simulator!];
        TimeSpan[] before = [.. programs.Select(p => p.ProcessorTime())];
        int stored = await FleetCounty.ReportsAsync(Database);
        long began = Stopwatch.GetTimestamp();
        await Task.Delay(TimeSpan.FromSeconds(_seconds));
        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        string[] share = [.. programs.Zip(before).Select(p => (100 * (p.First.ProcessorTime() - p.Second).TotalSeconds / seconds).ToString("F1", CultureInfo.InvariantCulture))];
        Add($"steady, one report per agent and minute, {seconds:F0} s: hub", $"{share[0]} % of a core");
        double each = (await FleetCounty.ReportsAsync(Database) - stored) / (_agents * seconds / 60);
        Add("  reports stored per agent and minute meanwhile", each.ToString("F2", CultureInfo.InvariantCulture));
        Add("  broker", $"{share[1]} % of a core");
        Add("  all agents together", $"{share[2]} % of a core");
        Add("memory: hub, broker, all agents (resident; most ever)", string.Join("; ", programs.Select(p => $"{p.Memory():F0} / {p.MostMemory():F0} MiB")));
        Add("threads: hub, agents", $"{_hub!.Threads()}, {_simulator!.Threads()}");
    }

    private async Task KillBrokerAsync()
    {
        using (WatchedProgram broker = Broker())
        {
            broker.Kill();
        }

        await RecoverAsync("broker killed", Stopwatch.GetTimestamp());
    }

    private async Task KillHubAsync()
    {
        _hub!.Kill();
        long began = Stopwatch.GetTimestamp();
        StartHub();
        await RecoverAsync("hub killed and started again", began);
    }

    /// <summary>Looks at the board every second until all are back and shown well.</summary>
    private async Task RecoverAsync(string what, long began)
    {
        int offline = OfflineIssues();
        int mostBad = 0, mostUnmonitored = 0, looks = 0;
        bool away = false;
        TimeSpan? back = null;
        await UntilAsync(
            async () =>
            {
                int online = Online();
                away |= online < _agents / 2;
                back = away && online == _agents ? back ?? Stopwatch.GetElapsedTime(began) : back;
                if (await _eye!.LookAsync() is not { } board)
                {
                    return false;
                }

                (mostBad, mostUnmonitored, looks) = (Math.Max(mostBad, board.Bad), Math.Max(mostUnmonitored, board.Unmonitored), looks + 1);
                return back is not null && board.Healthy == _agents;
            },
            TimeSpan.FromMilliseconds(500));
        Add($"{what}: all agents back", $"{back!.Value.TotalSeconds:F1} s");
        Add("  the board shows all of them well", Seconds(began));
        Add("  devices shown as offline meanwhile", $"{OfflineIssues() - offline}");
        Add($"  most devices shown as ill at once ({looks} looks)", $"{mostBad}");
        Add("  most shown as \"not seen\" (the hub's own blindness)", $"{mostUnmonitored}");
    }

    private void StartHub(params string[] more)
    {
        string program = Path.Combine(_root, "hub", "bin", "Release", "net10.0", "ThreeClassrooms.Hub.dll");
        _hub?.Dispose();
        _hub = WatchedProgram.Start(
            Path.Combine(_work, "hub.log"),
            ["dotnet", program, $"--Hub:Port={_port}", "--Hub:Listen=127.0.0.1", $"--Hub:DataFolder={HubData}", $"--Mqtt:Port={_port + 1}", "--Mqtt:Listen=127.0.0.1", .. more]);
    }

    private int OfflineIssues() => File.ReadLines(Path.Combine(_work, "hub.log")).Count(l => l.Contains(": Offline ", StringComparison.Ordinal) && l.Contains("is an issue since", StringComparison.Ordinal));

    private WatchedProgram Broker() => _hub!.Child("mosquitto") ?? throw new InvalidOperationException("The hub has no broker.");

    /// <summary>How many agents are connected by their own count, not older than a second.</summary>
    private int Online()
    {
        if (!File.Exists(Stats))
        {
            return 0;
        }

        using var file = new FileStream(Stats, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        file.Seek(-Math.Min(file.Length, 400), SeekOrigin.End);
        using var reader = new StreamReader(file);
        string[] lines = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return lines.Length == 0 ? 0 : JsonDocument.Parse(lines[^1]).RootElement.GetProperty("online").GetInt32();
    }

    private async Task<bool> AnswersAsync()
    {
        if (_hub!.HasEnded)
        {
            throw new InvalidOperationException("The hub has ended:\n" + string.Join('\n', File.ReadLines(Path.Combine(_work, "hub.log")).TakeLast(20)));
        }

        try
        {
            using var http = new HttpClient { BaseAddress = Address };
            return (await http.GetAsync("/healthz")).IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static async Task UntilAsync(Func<Task<bool>> condition, TimeSpan? pause)
    {
        long began = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(began) > Patience)
            {
                throw new TimeoutException($"Not within {Patience.TotalSeconds} s.");
            }

            await Task.Delay(pause ?? TimeSpan.FromMilliseconds(100));
        }
    }

    private void Add(string what, string figure)
    {
        _table.Add((what, figure));
        Console.Error.WriteLine($"{DateTime.UtcNow:HH:mm:ss} {what}: {figure}");
    }

    private static string Seconds(long began) => $"{Stopwatch.GetElapsedTime(began).TotalSeconds:F1} s";

    private void Print()
    {
        string processor = File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "?";
        Console.WriteLine($"{processor}, {Environment.ProcessorCount} processors, {DateTime.UtcNow:yyyy-MM-dd HH:mm} UTC, .NET {Environment.Version}");
        foreach ((string what, string figure) in _table)
        {
            Console.WriteLine($"| {what} | {figure} |");
        }
    }
}
