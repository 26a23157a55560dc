using ThreeClassrooms.Agent.Joining;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Telemetry;

/// <summary>The readiness check, read as what flows. A source that has only just been opened is given time.</summary>
internal sealed class FlowCheck(ReadinessCheck readiness, Func<bool> linked, TimeProvider time)
{
    private static readonly TimeSpan Opening = TimeSpan.FromSeconds(20);

    private readonly long _began = time.GetTimestamp();

    public Flows Now()
    {
        Readiness now = readiness.Check(linked());
        bool opening = time.GetElapsedTime(_began) < Opening;
        return new Flows(Read(now.Camera, opening), Read(now.Microphone, opening), Read(now.Screen, false));
    }

    private static bool? Read(PartState state, bool opening) => state switch
    {
        PartState.Ok => true,
        PartState.Fault when !opening => false,
        _ => null,
    };
}
