using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using ThreeClassrooms.Agent.Commands;
using ThreeClassrooms.Agent.Settings;
using ThreeClassrooms.Agent.Telemetry;

namespace ThreeClassrooms.Agent.Updating;

/// <summary>
/// The start of the agent where there are releases. The base (the agent that was installed at the device, and that no update ever touches) is what the service manager starts;
/// it decides (<see cref="SlotChoice"/>), writes down that it has, and makes its own process run the chosen release. So there is always something that starts, and what it
/// does before it hands over is little.
/// <para>
/// A release on trial may do anything, hang included, and nobody stands beside it: so the base arms alarm(2) before execve(2). A pending alarm is kept over execve, a signal's
/// action is then the default one, and that of SIGALRM ends the process; .NET neither catches nor blocks it. The release disarms it when it has proved itself. Whichever
/// way a release ends, the service manager starts the base, and the base counts.
/// </para>
/// </summary>
internal static class SlotStart
{
    /// <summary>Says which release was chosen, and for which process: a program started by the agent is not meant.</summary>
    private const string Variable = "THREECLASSROOMS_RELEASE";

    private static readonly string Mark = "@" + Environment.ProcessId.ToString(CultureInfo.InvariantCulture);

    /// <summary>The release that this process was made to run by the base; null: none.</summary>
    public static string? Chosen { get; } =
        Environment.GetEnvironmentVariable(Variable) is { } value && value.EndsWith(Mark, StringComparison.Ordinal) ? value[..^Mark.Length] : null;

    /// <summary>Hands this process over to the release that is to run. Returns when none is: then the program that asks goes on itself.</summary>
    /// <param name="options">Only the data folder and the times of updates are looked at: settings that only a newer release knows are not the base's business.</param>
    public static void HandOver(AgentOptions options, IReadOnlyList<string> arguments)
    {
        var store = new ReleaseStore(options.Data);
        if (Chosen is not null || !Directory.Exists(store.Folder) || store.Holds(AppContext.BaseDirectory))
        {
            return;
        }

        try
        {
            HandOver(store, options, arguments);
        }
        catch (Exception e) // a mistake of ours must not leave the device without an agent
        {
            Say(options, log => log.NotChosen(e));
        }
    }

    private static void HandOver(ReleaseStore store, AgentOptions options, IReadOnlyList<string> arguments)
    {
        var broken = new HashSet<string>();
        while (Choose(store, options, broken) is { Release: { } release } decision)
        {
            var variables = new Dictionary<string, string> { [Variable] = release + Mark };
            int fault = Replacement.Execute(Host(), [store.ProgramOf(release), .. arguments], variables, decision.ProveWithin);
            Say(options, log => log.NotHandedOver(release, fault));
            broken.Add(release);
        }
    }

    /// <returns>Null: the base runs.</returns>
    private static SlotDecision? Choose(ReleaseStore store, AgentOptions options, HashSet<string> broken)
    {
        SlotState? known = store.Load();
        var at = new SlotMoment(AgentVersion.Current, MachineBoot.Id, TimeSpan.FromMilliseconds(Environment.TickCount64), DateTimeOffset.UtcNow);
        SlotDecision decision = SlotChoice.Decide(known, store.There().Except(broken).ToHashSet(), at, TimeSpan.FromSeconds(options.UpdateDeadlineSeconds));
        if (decision.State.LastRollBack is { } left && left != known?.LastRollBack)
        {
            Say(options, log => log.RolledBack(left.Version, left.Reason, decision.Release ?? at.Base));
        }

        if (decision.State == known || store.TrySave(decision.State))
        {
            return decision;
        }

        // A start that cannot be counted is none: the former version runs, and the trial waits for a disk that takes a line.
        Say(options, log => log.StateNotKept());
        return decision.ProveWithin is null ? decision : SlotChoice.Decide(decision.State with { Trial = null }, store.There(), at, TimeSpan.Zero);
    }

    /// <summary>The runtime's own program, whether this one was started by it or as a program of its own.</summary>
    private static string Host()
    {
        string beside = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));
        return Path.GetFileName(Environment.ProcessPath) == "dotnet" || !File.Exists(beside) ? Environment.ProcessPath! : beside;
    }

    private static void Say(AgentOptions options, Action<ILogger> say)
    {
        try
        {
            using ILoggerFactory loggers = AgentLogging.Create(options with { LogLevel = "Information" });
            say(loggers.CreateLogger("start"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Nothing that is to be said is worth a start.
        }
    }
}
