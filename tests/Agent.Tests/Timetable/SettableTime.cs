namespace ThreeClassrooms.Agent.Tests.Timetable;

/// <summary>Time that passes, and a wall clock that can be set apart from it.</summary>
internal sealed class SettableTime(DateTimeOffset? start = null) : TimeProvider
{
    private readonly DateTimeOffset _start = start ?? new DateTimeOffset(2026, 9, 8, 2, 0, 0, TimeSpan.Zero);
    private TimeSpan _passed = TimeSpan.FromDays(1);
    private TimeSpan _set;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>What a right clock shows.</summary>
    public DateTimeOffset True => _start - TimeSpan.FromDays(1) + _passed;

    public override long GetTimestamp() => _passed.Ticks;

    public override DateTimeOffset GetUtcNow() => True + _set;

    public void Pass(TimeSpan by) => _passed += by;

    /// <summary>Sets the wall clock forward or back.</summary>
    public void Set(TimeSpan by) => _set += by;

    /// <summary>Sets the wall clock right.</summary>
    public void SetRight() => _set = TimeSpan.Zero;
}
