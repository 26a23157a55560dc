using ThreeClassrooms.Agent.Playback;

namespace ThreeClassrooms.Agent.Joining;

/// <summary>A stream of a lesson while it is published or watched.</summary>
/// <param name="Stream">What becomes of it here; null: it is published.</param>
/// <param name="Run">Ends after <paramref name="Stop"/>; then release.</param>
internal sealed record RunningStream(Guid LessonId, string SeatId, StreamSession Session, WatchedStream? Stream, CancellationTokenSource Stop, Task Run)
{
    public void Release()
    {
        Stop.Dispose();
        Stream?.Dispose();
    }
}
