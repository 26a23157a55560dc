namespace ThreeClassrooms.Hub.Hosting;

/// <summary>
/// The machine's clock, except while a lesson is on: then time goes on by the monotonic clock from where it was, and a clock that is set meanwhile moves no
/// lesson, no evidence and no deadline. With the last lesson's end the machine's clock holds again. Thread-safe.
/// </summary>
internal sealed class SteadyTime(TimeProvider machine) : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly HashSet<Guid> _on = [];
    private Anchor? _anchor;

    public override TimeZoneInfo LocalTimeZone => machine.LocalTimeZone;

    public override long TimestampFrequency => machine.TimestampFrequency;

    /// <summary>The machine's clock minus this one: what somebody set it by while lessons were on.</summary>
    public TimeSpan Jump => machine.GetUtcNow() - GetUtcNow();

    public override DateTimeOffset GetUtcNow() => Volatile.Read(ref _anchor) is { } anchor ? anchor.At + machine.GetElapsedTime(anchor.Stamp) : machine.GetUtcNow();

    public override long GetTimestamp() => machine.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => machine.CreateTimer(callback, state, dueTime, period);

    /// <summary>A lesson began or ended. The same word twice is one.</summary>
    public void OnLesson(Guid lessonId, bool on)
    {
        lock (_gate)
        {
            bool changed = on ? _on.Add(lessonId) : _on.Remove(lessonId);
            if (changed && on && _on.Count == 1)
            {
                _anchor = new Anchor(machine.GetUtcNow(), machine.GetTimestamp());
            }
            else if (changed && _on.Count == 0)
            {
                _anchor = null;
            }
        }
    }

    private sealed record Anchor(DateTimeOffset At, long Stamp);
}
