using Microsoft.Extensions.Logging;
using ThreeClassrooms.Agent.Capture;
using ThreeClassrooms.Agent.Children;
using ThreeClassrooms.Agent.Enrolment;
using ThreeClassrooms.Agent.Joining;
using ThreeClassrooms.Agent.Outbox;
using ThreeClassrooms.Agent.Playback;
using ThreeClassrooms.Agent.Settings;
using ThreeClassrooms.Agent.Telemetry;
using ThreeClassrooms.Agent.Telemetry.Readings;
using ThreeClassrooms.Agent.Timetable;
using ThreeClassrooms.Agent.Updating;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Commands;

/// <summary><c>agent run</c>: the agent's parts put together, until SIGTERM or Ctrl-C.</summary>
internal static class RunCommand
{
    /// <summary>A camera and a microphone have opened by then, or they do not.</summary>
    private static readonly TimeSpan CheckTakes = TimeSpan.FromSeconds(8);

    public static async Task<int> RunAsync(AgentOptions options, CancellationToken stop)
    {
        if (new IdentityStore(options.Data).Load() is not { } identity)
        {
            await Console.Error.WriteLineAsync(Words.Format("NotEnrolled", options.Data));
            return ExitCodes.NotEnrolled;
        }

        identity = identity with { Hub = options.Hub ?? identity.Hub, HubCertSha256 = options.HubCertSha256 ?? identity.HubCertSha256 };
        using ILoggerFactory loggers = AgentLogging.Create(options);
        ILogger log = loggers.CreateLogger("agent");
        return await RunAsync(options, identity, TimeProvider.System, log, stop);
    }

    /// <summary>What becomes of watched streams when the options leave it open.</summary>
    public static PlaybackMode ModeOf(AgentOptions options, DeviceRole role) => options.Playback.Mode switch
    {
        PlaybackMode.Auto => role == DeviceRole.Receiving ? PlaybackMode.Screen : PlaybackMode.None,
        PlaybackMode given => given,
    };

    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    internal static async Task<int> RunAsync(AgentOptions options, Identity identity, TimeProvider time, ILogger log, CancellationToken stop)
    {
        PlaybackMode mode = ModeOf(options, identity.Role);
        _ = SourceSpec.TryParse(options.Capture.Source, out SourceSpec wanted);
        var machine = new LinuxMachine("/", options.Data);
        var finder = new SourceFinder(wanted, machine.Read, time);
        log.AgentStarted(identity.DeviceId, identity.Role, identity.Classroom, identity.Hub, wanted.Kind, mode);
        SayWhatWasFound(wanted, finder.Now(), log);
        string sockets = SocketFolder.Make(options.Data);
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using HttpClient client = HubTrust.Client(identity.Hub, identity.HubCertSha256);
        var api = new HubApi(client);
        var clock = new HubClock(time);
        var deviceClock = new DeviceClock(clock, time);
        using var outbox = new OutboxStore(options.Data, options.Outbox, deviceClock, log);
        using var tokens = new DeviceTokens(api, identity, clock, time);
        await using var link = new HubLink(
            identity.Hub,
            new WebSocketConnectionFactory(async cancel => await tokens.GetAsync(cancel) is { IsOk: true } token ? token.Value : null, identity.HubCertSha256),
            time,
            log);
        var mqtt = new MqttIdentityStore(options.Data);
        var broker = new AgentLink(identity, mqtt, new MqttRenewal(api, tokens, mqtt, log), time, log);

        // The parts know each other through these.
        LessonLoop lesson = null!;
        ClassroomScreen screen = null!;
        using var peers = new PeerFactory(options.TcpOnly, TimeSpan.FromMilliseconds(options.Playback.ReorderWaitMs), time, log);
        var meter = new SoundMeter(() => lesson.MicrophoneOpen);
        var capture = new CaptureLoop(finder.Now, options.Capture, time, log, meter);
        var playback = new PlaybackSetting(
            options.Playback, options.Capture.Ffmpeg, sockets, options.StatsFile is { } file ? new StatsFile(file) : null, () => clock.Now, time, log);

        var sender = new OutboxSender(outbox, api, tokens, clock, deviceClock, time, log);
        link.Changed += up =>
        {
            if (up)
            {
                sender.OnLinkUp();
            }
        };

        var readiness = new ReadinessCheck(capture, wanted, mode, options.Recording, options.Data, clock, () => screen.Fails);

        // A receiving room keeps nothing, ever.
        LocalRecording? recording = identity.Role == DeviceRole.Main ? new LocalRecording(options.Recording, options.Data, clock, time, log) : null;
        if (recording is not null)
        {
            capture.Add(recording);
        }

        bool InLesson() => RoomTime.MayBeInLesson(lesson.Timetable, clock.Now);
        TimetableLoop timetable = null!;
        var code = new RoomCode(identity.Hub, link.RoomTicketAsync, () => clock.Now, time);
        screen = new ClassroomScreen(playback, () => lesson.Timetable, () => link.IsUp, () => code.Address);
        lesson = new LessonLoop(
            new LessonSurroundings(
                identity, link, api, peers, capture, readiness, playback,
                mode == PlaybackMode.Screen, screen, new LessonEvidence(outbox), () => recording?.Writes == true, new MuteStore(options.Data),
                new LessonCapture(capture, recording), options.FloorOpensMicrophone, clock, time, log),
            watches: mode != PlaybackMode.None,
            refreshTimetable: () => timetable.Refresh());
        timetable = new TimetableLoop(api, tokens, new TimetableStore(options.Data), clock, time, log, lesson.PostTimetable);
        link.TimetableChanged += timetable.Refresh;
        var window = new MetricsWindow(MachineBoot.Id, time)
        {
            TakeLevel = meter.Take,
            TakeLoss = lesson.Sight.Loss.Take,
            PicturesWanted = wanted.Kind == SourceKind.Rtsp ? 0 : options.Capture.FramesPerSecond,
            OpenFor = () => capture.OpenFor,
        };
        capture.Add(window);
        var picture = new PictureWatch(capture, options.Capture.Ffmpeg, MayFreeze(finder.Now(), options.Capture, machine), () => lesson.IsLive, time, log);
        var flows = new FlowCheck(new FlowSources(readiness, capture, () => link.IsUp, recording, () => picture.Seen, () => lesson.Sight.JoinFails), time);
        var telemetry = new TelemetryLoop(new TelemetrySurroundings(
            broker, machine.Read, () => PartExpectations.Of(wanted, finder.Now(), mode, options.Playback.AudioOutput, machine.DeviceOf), flows.Now, window,
            wanted.Kind != SourceKind.None ? options.Capture.VideoKbps : null, () => Waiting(outbox, time), clock, MachineBoot.Id, options.Data, AgentVersion.Current, time, log));
        outbox.Fault += (fault, holds) => telemetry.OnFault(fault, holds);
        async Task<IReadOnlyList<PartReport>> CheckAsync(CancellationToken cancel)
        {
            using IDisposable hold = capture.Open(CaptureReason.Check);
            await capture.FlowsWithinAsync(CheckTakes, cancel);
            return telemetry.CheckNow();
        }

        bool restart = false;
        var tools = new MachineTools(MachineTools.Real(time, log));
        var abilities = new RemoteAbilities(
            wanted.Kind != SourceKind.None ? new CaptureStill(capture, options.Capture.Ffmpeg, time, log).TakeAsync : null, options.Pictures, InLesson,
            () => LogBundle.Pack(AgentLogging.Folder(options.Data)),
            async (path, bytes, type, cancel) => await tokens.GetAsync(cancel) is { IsOk: true } token && await api.PutFileAsync(token.Value, path, bytes, type, cancel) is null,
            mode == PlaybackMode.Screen ? (percent, cancel) => tools.SetVolumeAsync(options.Playback.AudioOutput, percent, cancel) : null,
            recording,
            options.RebootCommand is { } reboot ? cancel => tools.RebootAsync(reboot, cancel) : null);
        var desk = new RoomDesk(
            lesson, () => capture.IsOpen, mode == PlaybackMode.Screen ? (change, cancel) => tools.ChangeVolumeAsync(options.Playback.AudioOutput, change, cancel) : null,
            raised => telemetry.OnFault(FaultKind.RoomCalls, raised), () => clock.Now);
        link.Asked = ask => desk.AnswerAsync(ask, failed.Token);
        (playback.Notices.Captured, playback.Notices.Opens, playback.Notices.MicrophoneOpen) = (() => capture.IsOpen, () => lesson.MicrophoneOpensIn, () => lesson.MicrophoneOpen);
        bool wholeScreen = mode == PlaybackMode.Screen && !options.Playback.Windowed;
        var update = new UpdateParts(options, client, api, tokens, InLesson, time, log);
        var commands = new CommandRunner(
            broker,
            RemoteCommands.Of(
                mode == PlaybackMode.Screen ? screen : null, cancel => lesson.SetMutedAsync(true, cancel), CheckAsync, broker.RotateAsync, update.Action.RunAsync, abilities),
            new CommandMemory(new JsonFile<RememberedCommands>(Path.Combine(options.Data, "telemetry", "commands.json"))), () => clock.Now,
            () =>
            {
                restart = true;
                failed.Cancel();
            },
            time, log);

        Task[] parts =
        [
            lesson.RunAsync(failed.Token), timetable.RunAsync(failed.Token), sender.RunAsync(failed.Token), link.RunAsync(() => lesson.Urgent, failed.Token), capture.RunAsync(failed.Token),
            recording?.RunAsync(failed.Token) ?? Task.CompletedTask, picture.RunAsync(failed.Token), mode == PlaybackMode.Screen ? screen.RunAsync(failed.Token) : Task.CompletedTask,
            mode == PlaybackMode.Screen ? code.RunAsync(failed.Token) : Task.CompletedTask,
            wholeScreen ? new RoomKeyLoop("/dev/input", desk.PressAsync, time, log).RunAsync(failed.Token) : Task.CompletedTask,
            telemetry.RunAsync(failed.Token), commands.RunAsync(failed.Token), broker.RunAsync(failed.Token),
            update.RunAsync(() => broker.IsOnline, () => telemetry.HasReported, commands.Tell, failed.Token),
            new ControlSocket(options.Data, (line, cancel) => ControlAnswer.ForAsync(line, lesson, cancel), log).RunAsync(failed.Token),
        ];
        try
        {
            await FinishAsync(parts, failed, log);
        }
        finally
        {
            Directory.Delete(sockets, recursive: true);
        }

        return restart ? ExitCodes.Restart : ExitCodes.Done;
    }

    /// <summary>Of <c>auto</c>: which camera and microphone it is, or that there is none.</summary>
    private static void SayWhatWasFound(SourceSpec wanted, SourceSpec found, ILogger log)
    {
        if (wanted.Kind == SourceKind.Auto)
        {
            log.SourceFound(found.Kind == SourceKind.None ? "no camera" : found.Video, found.AudioSystem is null ? "no microphone" : $"{found.AudioSystem}:{found.Audio}");
        }
    }

    /// <summary>Only a camera of the room is watched for standing still: not a film, not slides that a capture card takes.</summary>
    private static bool MayFreeze(SourceSpec source, CaptureOptions options, LinuxMachine machine) => !options.StandsStill && source.Kind switch
    {
        SourceKind.Rtsp => true,
        SourceKind.Devices => machine.DeviceOf(source.Video) is var device && machine.Read().VideoDevices.FirstOrDefault(d => d.Device == device) is not { IsCard: true },
        SourceKind.None or SourceKind.Auto or SourceKind.Test or SourceKind.File => false,
    };

    private static Backlog Waiting(OutboxStore outbox, TimeProvider time)
    {
        OutboxBacklog waiting = outbox.Backlog();
        TimeSpan age = waiting.Oldest is { } oldest ? time.GetUtcNow() - oldest : TimeSpan.Zero;
        return new Backlog(waiting.Unsent, age > TimeSpan.Zero ? age : TimeSpan.Zero);
    }

    /// <summary>Runs until all parts have ended; when one fails the others are stopped and the agent ends with an error, for its service manager to start it anew.</summary>
    private static async Task FinishAsync(Task[] parts, CancellationTokenSource failed, ILogger log)
    {
        List<Task> left = [.. parts];
        Exception? fault = null;
        while (left.Count > 0)
        {
            Task ended = await Task.WhenAny(left);
            left.Remove(ended);
            if (ended.Exception is { } e && fault is null)
            {
                fault = e.InnerException;
                log.PartFailed(e);
                await failed.CancelAsync();
            }
        }

        if (fault is not null)
        {
            throw new InvalidOperationException("A part of the agent failed", fault);
        }
    }
}
