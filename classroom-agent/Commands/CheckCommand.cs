using Microsoft.Extensions.Logging;
using ThreeClassrooms.Agent.Capture;
using ThreeClassrooms.Agent.Enrolment;
using ThreeClassrooms.Agent.Joining;
using ThreeClassrooms.Agent.Playback;
using ThreeClassrooms.Agent.Settings;
using ThreeClassrooms.Agent.Timetable;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Commands;

/// <summary><c>agent check</c>: tries everything a lesson needs and prints a table; what is wrong comes with the step to try.</summary>
internal static class CheckCommand
{
    private static readonly TimeSpan CaptureTrial = TimeSpan.FromSeconds(6);

    public static async Task<int> RunAsync(AgentOptions options, CancellationToken stop)
    {
        AtomicFile.MakeFolder(options.Data);
        using ILoggerFactory loggers = AgentLogging.Create(options with { LogLevel = "Error" });
        ILogger log = loggers.CreateLogger("agent");
        Identity? identity = new IdentityStore(options.Data).Load();
        var clock = new HubClock();
        HubRefusal? refusal = identity is null ? null : await AskHubAsync(identity, clock, stop);

        _ = SourceSpec.TryParse(options.Capture.Source, out SourceSpec source);
        var capture = new CaptureLoop(source, options.Capture, TimeProvider.System, log);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task running = capture.RunAsync(end.Token);
        long begun = TimeProvider.System.GetTimestamp();
        bool wantsSound = source.Kind != SourceKind.Devices || source.AudioSystem is not null;
        while (capture.HasSource && !(capture.VideoFlows && (capture.AudioFlows || !wantsSound)) && TimeProvider.System.GetElapsedTime(begun) < CaptureTrial)
        {
            await Children.Waits.PauseAsync(TimeSpan.FromMilliseconds(100), TimeProvider.System, end.Token);
        }

        PlaybackMode playback = RunCommand.ModeOf(options, identity?.Role ?? DeviceRole.Receiving);
        Readiness readiness = new ReadinessCheck(capture, source, playback, options.Recording, options.Data, clock, TimeProvider.System)
            .Check(identity is not null && refusal is null);
        await end.CancelAsync();
        await running;
        return Print(identity, refusal, readiness);
    }

    private static async Task<HubRefusal?> AskHubAsync(Identity identity, HubClock clock, CancellationToken stop)
    {
        using HttpClient client = HubTrust.Client(identity.Hub, identity.HubCertSha256);
        using var tokens = new DeviceTokens(new HubApi(client), identity, clock, TimeProvider.System);
        return (await tokens.GetAsync(stop)).Refusal;
    }

    private static int Print(Identity? identity, HubRefusal? refusal, Readiness readiness)
    {
        (string Part, PartState State, string Hint)[] rows =
        [
            ("Identity", identity is null ? PartState.Fault : PartState.Ok, identity is null ? Words.Get("HintEnrol") : $"{identity.DeviceId} · {identity.School} · {identity.Classroom}"),
            ("Hub", identity is null ? PartState.Unknown : refusal is null ? PartState.Ok : PartState.Fault, refusal is { } why ? HubRefusals.Explain(why) : identity?.Hub.ToString() ?? ""),
            ("Camera", readiness.Camera, readiness.Camera == PartState.Fault ? Words.Get("HintCamera") : ""),
            ("Microphone", readiness.Microphone, readiness.Microphone == PartState.Fault ? Words.Get("HintMicrophone") : ""),
            ("Loudspeaker", readiness.Loudspeaker, ""),
            ("Screen", readiness.Screen, readiness.Screen == PartState.Fault ? Words.Get("HintScreen") : ""),
            ("Disk", readiness.Disk, Words.Format("DiskFree", readiness.FreeDiskMb)),
            ("Clock", readiness.Network == PartState.Warning ? PartState.Warning : refusal is null && identity is not null ? PartState.Ok : PartState.Unknown, Words.Format("ClockOffset", readiness.ClockOffsetMs)),
        ];
        foreach ((string part, PartState state, string hint) in rows)
        {
            Console.WriteLine($"{Words.Get("State" + state),-6} {Words.Get("Part" + part),-8} {hint}".TrimEnd());
        }

        return rows.Any(r => r.State == PartState.Fault) ? ExitCodes.Failed : ExitCodes.Done;
    }
}
