using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Serilog;
using ThreeClassrooms.Agent.Commands;
using ThreeClassrooms.Agent.Enrolment;
using ThreeClassrooms.Agent.Settings;
using ThreeClassrooms.Agent.Telemetry;

namespace ThreeClassrooms.Agent.Simulation;

/// <summary><c>agent simulate</c>: many agents with made-up hardware against a real hub, for demonstrations and for load.</summary>
internal static class SimulateCommand
{
    private static readonly TimeSpan SayEvery = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan SayEveryLater = TimeSpan.FromMinutes(1);

    public static async Task<int> RunAsync(AgentOptions options, SimulationOptions wanted, CancellationToken stop)
    {
        if (options.Hub is not { } hub)
        {
            return await FailAsync(ExitCodes.BadOptions, Words.Get("EnrolNeedsHub"));
        }

        if (wanted.Count is < 1 or > SimulationOptions.Most)
        {
            return await FailAsync(ExitCodes.BadOptions, Words.Format("SimulateCount", SimulationOptions.Most));
        }

        try
        {
            if (ReadScript(wanted.Faults, out string? fault) is not { } script)
            {
                return await FailAsync(ExitCodes.BadOptions, fault!);
            }

            Directory.CreateDirectory(wanted.Folder);
            var folder = new FleetFolder(wanted.Folder);
            if (await EnrolAsync(folder, hub, options.HubCertSha256, wanted, stop) is { } failure)
            {
                return failure;
            }

            return await SimulateAsync(options, hub, wanted, folder, script, stop);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return await FailAsync(ExitCodes.Failed, Words.Format("SimulateNoFolder", wanted.Folder, e.Message));
        }
    }

    /// <param name="fault">What is wrong with it, in the operator's language; null: nothing.</param>
    private static FaultScript? ReadScript(string? file, out string? fault)
    {
        fault = null;
        if (file == SimulationOptions.NoFaults)
        {
            return FaultScript.Nothing;
        }

        string? text = file is null ? FaultScript.Demonstration : ReadFile(file, out fault);
        if (text is null)
        {
            return null;
        }

        FaultScript? script = FaultScript.Read(text, out int line);
        fault = script is null ? Words.Format("SimulateScript", file ?? "", line, string.Join(' ', Enum.GetNames<SimulatedFault>()).ToLowerInvariant()) : null;
        return script;
    }

    private static string? ReadFile(string file, out string? fault)
    {
        try
        {
            fault = null;
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            fault = Words.Format("SimulateNoFile", file, e.Message);
            return null;
        }
    }

    /// <returns>Null: every device has an identity.</returns>
    private static async Task<int?> EnrolAsync(FleetFolder folder, Uri hub, string? pin, SimulationOptions wanted, CancellationToken stop)
    {
        List<int> without = [.. Enumerable.Range(1, wanted.Count).Where(n => folder.IdentityOf(n) is null)];
        if (without.Count == 0)
        {
            return null;
        }

        if (wanted.Codes is not { } file)
        {
            return await FailAsync(ExitCodes.NotEnrolled, Words.Format("SimulateNeedsCodes", without.Count, wanted.Folder));
        }

        if (ReadFile(file, out string? unread) is not { } text)
        {
            return await FailAsync(ExitCodes.BadOptions, unread!);
        }

        IReadOnlyList<string> codes = CodeList.Read(text, out int line);
        if (line > 0)
        {
            return await FailAsync(ExitCodes.BadOptions, Words.Format("SimulateBadCode", file, line));
        }

        IReadOnlySet<string> spent = folder.Spent();
        List<string> fresh = [.. codes.Where(c => !spent.Contains(c))];
        if (fresh.Count < without.Count)
        {
            return await FailAsync(ExitCodes.BadOptions, Words.Format("SimulateFewCodes", without.Count, file, fresh.Count));
        }

        var enrolment = new MassEnrolment(folder, hub, pin, TimeProvider.System);
        Task<EnrolmentResult> running = enrolment.RunAsync(without, fresh, stop);
        while (await Task.WhenAny(running, Task.Delay(SayEvery, stop)) != running && !stop.IsCancellationRequested)
        {
            Console.WriteLine(Words.Format("SimulateEnrolling", enrolment.Enrolled, without.Count));
        }

        EnrolmentResult result = await running;
        Console.WriteLine(Words.Format("SimulateEnrolled", result.Enrolled, result.Unusable));
        return result.Stopped is { } refusal ? await FailAsync(ExitCodes.Failed, HubRefusals.Explain(refusal))
            : result.Enrolled < without.Count ? await FailAsync(ExitCodes.Failed, Words.Format("SimulateNotAll", without.Count - result.Enrolled))
            : null;
    }

    private static async Task<int> SimulateAsync(
        AgentOptions options, Uri hub, SimulationOptions wanted, FleetFolder folder, FaultScript script, CancellationToken stop)
    {
        using ILoggerFactory loggers = Logging(wanted.Folder, options.LogLevel);
        using SocketsHttpHandler network = HubTrust.Handler(options.HubCertSha256);
        var counters = new SimulationCounters();
        long began = Stopwatch.GetTimestamp();
        var around = new SimulationSurroundings(
            network, () => Stopwatch.GetElapsedTime(began), LinkPace.Ordinary, SimulationSurroundings.OrdinaryStart, wanted.Lessons, counters, loggers.CreateLogger("simulation"));
        IReadOnlyList<FaultPlan> plans = script.Deal(wanted.Count, wanted.Seed);
        await using var fleet = new SimulatedFleet(
            [.. Enumerable.Range(1, wanted.Count).Select(n => Make(n, folder, hub, options.HubCertSha256, plans[n - 1], around))], around);
        Console.WriteLine(Words.Format("SimulateBegins", wanted.Count, hub, plans.Count(p => p.Spans.Count > 0), wanted.Seed));
        var progress = new Progress(fleet, counters, plans, options.StatsFile);
        await fleet.RunAsync(progress.OnBeat, stop);
        progress.Conclude(around.Since());
        return ExitCodes.Done;
    }

    private static SimulatedAgent Make(int number, FleetFolder folder, Uri hub, string? pin, FaultPlan plan, SimulationSurroundings around)
    {
        Identity identity = folder.IdentityOf(number)! with { Hub = hub, HubCertSha256 = pin };
        return new SimulatedAgent(number, folder.Of(number), identity, plan, around);
    }

    /// <summary>Two thousand devices that lose their broker have the same thing to say: to a file, and warnings only unless more is asked for.</summary>
    private static ILoggerFactory Logging(string folder, string level)
    {
        Serilog.Core.Logger logger = new LoggerConfiguration()
            .MinimumLevel.Is(level == "Debug" ? Serilog.Events.LogEventLevel.Debug : Serilog.Events.LogEventLevel.Warning)
            .WriteTo.File(
                new LogLines("{Timestamp:yyyy-MM-dd HH:mm:ss.fff zzz} [{Level:u3}] {Message:l}"), Path.Combine(folder, "log", "simulation-.log"), rollingInterval: RollingInterval.Day,
                retainedFileCountLimit: 3, fileSizeLimitBytes: 20 * 1024 * 1024, rollOnFileSizeLimit: true)
            .CreateLogger();
        return LoggerFactory.Create(builder => builder.SetMinimumLevel(LogLevel.Trace).AddSerilog(logger, dispose: true));
    }

    private static async Task<int> FailAsync(int code, string words)
    {
        await Console.Error.WriteLineAsync(words);
        return code;
    }

    /// <summary>Says how it goes: often while devices are away, once a minute when all are there.</summary>
    private sealed class Progress(SimulatedFleet fleet, SimulationCounters counters, IReadOnlyList<FaultPlan> plans, string? stats)
    {
        private TimeSpan _said = TimeSpan.MinValue;
        private int _online = -1;
        private bool _complete;

        public void OnBeat(TimeSpan now)
        {
            int online = fleet.Online;
            if (stats is not null)
            {
                File.AppendAllText(stats, JsonSerializer.Serialize(new { at = DateTimeOffset.UtcNow, online, connections = counters.Connections }, Wire.Json) + "\n");
            }

            if (!_complete && online == fleet.Count)
            {
                _complete = true;
                Console.WriteLine(Words.Format("SimulateAllOnline", fleet.Count, Seconds(now)));
                (_said, _online) = (now, online);
            }
            else if (_said == TimeSpan.MinValue || now - _said >= SayEveryLater || (online != _online && !_complete && now - _said >= SayEvery))
            {
                int faulty = plans.Count(p => p.Spans.Any(s => s.HeldAt(now) is not null));
                Console.WriteLine(Words.Format("SimulateProgress", Seconds(now), online, fleet.Count, faulty));
                (_said, _online) = (now, online);
            }
        }

        public void Conclude(TimeSpan now)
        {
            IReadOnlyList<TimeSpan> first = counters.FirstTimes;
            Console.WriteLine(Words.Format("SimulateSummary", fleet.Count, Seconds(now), first.Count));
            if (first.Count > 0)
            {
                Console.WriteLine(Words.Format("SimulateTimes", Seconds(first[first.Count / 2]), Seconds(first[^1])));
            }

            Console.WriteLine(Words.Format("SimulateCounts", counters.Connections, counters.Commands, counters.Records));
        }

        private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
    }
}
