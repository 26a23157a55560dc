namespace ThreeClassrooms.Media.Time;

/// <summary>A monotonic instant in nanoseconds since an arbitrary origin that one process keeps for its life. Not comparable between processes.</summary>
public readonly record struct MonoTime(long Nanoseconds) : IComparable<MonoTime>
{
    public static MonoTime operator +(MonoTime t, TimeSpan d) => new(t.Nanoseconds + (d.Ticks * 100));

    public static MonoTime operator -(MonoTime t, TimeSpan d) => new(t.Nanoseconds - (d.Ticks * 100));

    /// <summary>The time from <paramref name="b"/> to <paramref name="a"/>, truncated to 100 ns; negative when <paramref name="a"/> is earlier.</summary>
    public static TimeSpan operator -(MonoTime a, MonoTime b) => TimeSpan.FromTicks((a.Nanoseconds - b.Nanoseconds) / 100);

    public static bool operator <(MonoTime a, MonoTime b) => a.Nanoseconds < b.Nanoseconds;

    public static bool operator >(MonoTime a, MonoTime b) => a.Nanoseconds > b.Nanoseconds;

    public static bool operator <=(MonoTime a, MonoTime b) => a.Nanoseconds <= b.Nanoseconds;

    public static bool operator >=(MonoTime a, MonoTime b) => a.Nanoseconds >= b.Nanoseconds;

    public int CompareTo(MonoTime other) => Nanoseconds.CompareTo(other.Nanoseconds);

    /// <summary>The earlier of two deadlines; null means none.</summary>
    public static MonoTime? Earliest(MonoTime? a, MonoTime? b) =>
        a is not { } x ? b : b is not { } y ? a : x <= y ? x : y;
}
