using ThreeClassrooms.Agent.Capture;
using ThreeClassrooms.Agent.Joining;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Telemetry;

/// <summary>What flows, of the parts of the agent that know. Asked every few seconds by one caller, except for a self-check.</summary>
/// <param name="Recording">Null: this room keeps nothing.</param>
internal sealed record FlowSources(
    ReadinessCheck Readiness, CaptureLoop Capture, Func<bool> Linked, LocalRecording? Recording, Func<PictureFault?> Seen, Func<bool> JoinFails);

/// <summary>The readiness check, read as what flows. A source that has only just been opened is given time.</summary>
internal sealed class FlowCheck(FlowSources sources, TimeProvider time)
{
    /// <summary>A file that cannot be opened is tried again after ten seconds.</summary>
    private static readonly TimeSpan Unrecorded = TimeSpan.FromSeconds(30);

    private long _keptAt = time.GetTimestamp();

    public Flows Now()
    {
        Readiness now = sources.Readiness.Check(sources.Linked());
        bool opening = sources.Capture.IsOpening;
        return new Flows(
            Read(now.Camera, opening), Read(now.Microphone, opening), Read(now.Screen, false), sources.Seen(), Recorded(now.Camera == PartState.Ok), sources.JoinFails(),
            now.CameraProblem == CameraProblem.NotH264);
    }

    private bool? Recorded(bool pictures)
    {
        if (!pictures || sources.Recording is not { IsOn: true, Writes: false })
        {
            Volatile.Write(ref _keptAt, time.GetTimestamp());
            return sources.Recording is { IsOn: true, Writes: true } ? true : null;
        }

        return time.GetElapsedTime(Volatile.Read(ref _keptAt)) > Unrecorded ? false : null;
    }

    private static bool? Read(PartState state, bool opening) => state switch
    {
        PartState.Ok => true,
        PartState.Fault when !opening => false,
        _ => null,
    };
}
