using ThreeClassrooms.Agent.Capture;
using ThreeClassrooms.Agent.Playback;
using ThreeClassrooms.Agent.Timetable;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Joining;

/// <summary>The device's check of itself before a lesson and in <c>agent check</c>.</summary>
internal sealed class ReadinessCheck(CaptureLoop capture, SourceSpec wanted, PlaybackMode playback, RecordingOptions recording, string data, HubClock clock, Func<bool>? screenFails = null)
{
    /// <summary>Lessons are timed by the hub; evidence of a device whose clock is further off than this needs correcting.</summary>
    private static readonly TimeSpan ClockOff = TimeSpan.FromSeconds(2);

    /// <param name="linked">The lesson connection is up.</param>
    public Readiness Check(bool linked)
    {
        long freeMb = FreeMb();
        SourceSpec source = capture.Source;
        bool none = wanted.Kind == SourceKind.None;
        bool silent = none || wanted is { Kind: SourceKind.Devices, AudioSystem: null };
        return new Readiness(
            none ? PartState.Absent : Flow(capture.VideoFlows, source.Kind != SourceKind.None),
            silent ? PartState.Absent : Flow(capture.AudioFlows, source.HasSound),
            // What the loudspeaker really gives cannot be heard from here; the meter of the lesson's sound comes with the reception reports.
            playback == PlaybackMode.Screen ? PartState.Unknown : PartState.Absent,
            Screen(),
            freeMb > recording.ReserveMb * 5L ? PartState.Ok : freeMb > recording.ReserveMb ? PartState.Warning : PartState.Fault,
            !linked ? PartState.Fault : clock.Offset.Duration() > ClockOff ? PartState.Warning : PartState.Ok,
            (int)Math.Clamp(-clock.Offset.TotalMilliseconds, int.MinValue, int.MaxValue),
            freeMb,
            clock.Now,
            none ? CameraProblem.None : source.Kind == SourceKind.None ? CameraProblem.NotFound : capture.PictureIsNotH264 ? CameraProblem.NotH264 : CameraProblem.None);
    }

    /// <param name="found">There is a device to open.</param>
    private PartState Flow(bool flows, bool found) => flows ? PartState.Ok : !found ? PartState.Fault : !capture.IsOpen ? PartState.Unknown : PartState.Fault;

    private PartState Screen() => playback != PlaybackMode.Screen ? PartState.Absent
        : screenFails?.Invoke() == true ? PartState.Fault
        : Environment.GetEnvironmentVariable("DISPLAY") is { Length: > 0 } || Environment.GetEnvironmentVariable("WAYLAND_DISPLAY") is { Length: > 0 } || Directory.Exists("/dev/dri")
            ? PartState.Ok : PartState.Fault;

    private long FreeMb()
    {
        try
        {
            return new DriveInfo(data).AvailableFreeSpace / (1024 * 1024);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}
