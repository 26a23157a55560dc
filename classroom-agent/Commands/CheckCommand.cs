using Microsoft.Extensions.Logging;
using ThreeClassrooms.Agent.Capture;
using ThreeClassrooms.Agent.Enrolment;
using ThreeClassrooms.Agent.Joining;
using ThreeClassrooms.Agent.Playback;
using ThreeClassrooms.Agent.Settings;
using ThreeClassrooms.Agent.Telemetry.Readings;
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
        var clock = new HubClock(TimeProvider.System);
        HubRefusal? refusal = identity is null ? null : await AskHubAsync(identity, clock, stop);

        _ = SourceSpec.TryParse(options.Capture.Source, out SourceSpec wanted);
        var machine = new LinuxMachine("/", options.Data);
        var capture = new CaptureLoop(new SourceFinder(wanted, machine.Read, TimeProvider.System).Now, options.Capture, TimeProvider.System, log);
        SourceSpec source = capture.Source;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task running = capture.RunAsync(end.Token);
        using IDisposable hold = capture.Open(CaptureReason.Check);
        await capture.FlowsWithinAsync(CaptureTrial, stop);
        PlaybackMode playback = RunCommand.ModeOf(options, identity?.Role ?? DeviceRole.Receiving);
        Readiness readiness = new ReadinessCheck(capture, wanted, playback, options.Recording, options.Data, clock)
            .Check(identity is not null && refusal is null);
        await end.CancelAsync();
        await running;
        return Print(identity, refusal, readiness, wanted.Kind == SourceKind.Auto ? source : wanted, machine.Read());
    }

    private static async Task<HubRefusal?> AskHubAsync(Identity identity, HubClock clock, CancellationToken stop)
    {
        using HttpClient client = HubTrust.Client(identity.Hub, identity.HubCertSha256);
        using var tokens = new DeviceTokens(new HubApi(client), identity, clock, TimeProvider.System);
        return (await tokens.GetAsync(stop)).Refusal;
    }

    /// <summary>Which camera it is, and what to do when it gives no picture.</summary>
    private static string CameraLine(Readiness readiness, SourceSpec source, MachineReadings machine) => readiness switch
    {
        { CameraProblem: CameraProblem.NotFound } => Words.Get("HintCameraNotFound"),
        { CameraProblem: CameraProblem.NotH264 } => Words.Get("HintCameraNotH264"),
        { Camera: PartState.Fault } => Words.Get("HintCamera"),
        _ when source.Kind == SourceKind.Devices => $"{source.Video} {machine.VideoDevices.FirstOrDefault(d => "/dev/" + d.Device == source.Video)?.Name}".TrimEnd(),
        _ when source.Kind == SourceKind.Test => Words.Get("HintCameraTest"),
        _ => "",
    };

    private static int Print(Identity? identity, HubRefusal? refusal, Readiness readiness, SourceSpec source, MachineReadings machine)
    {
        (string Part, PartState State, string Hint)[] rows =
        [
            ("Identity", identity is null ? PartState.Fault : PartState.Ok, identity is null ? Words.Get("HintEnrol") : $"{identity.DeviceId} · {identity.School} · {identity.Classroom}"),
            ("Hub", identity is null ? PartState.Unknown : refusal is null ? PartState.Ok : PartState.Fault, refusal is { } why ? HubRefusals.Explain(why) : identity?.Hub.ToString() ?? ""),
            ("Camera", readiness.Camera, CameraLine(readiness, source, machine)),
            ("Microphone", readiness.Microphone, readiness.Microphone == PartState.Fault ? Words.Get("HintMicrophone") : source.AudioSystem is { } system ? $"{system}:{source.Audio}" : ""),
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
