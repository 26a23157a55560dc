namespace ThreeClassrooms.Hub.Streams.Loops;

/// <summary>How much the loop may still take on.</summary>
internal enum LoadLevel
{
    Normal,

    /// <summary>Optional pictures (classrooms without the floor) are held back.</summary>
    Lean,

    /// <summary>New connections are refused as well.</summary>
    Full,
}

/// <summary>
/// The loop's busy share, smoothed over seconds, and what follows from it. Levels are left only well below where they were entered,
/// so that holding back does not make the load swing.
/// </summary>
internal sealed class LoadMeter(int busyPercent)
{
    private const double LeanBelow = 10;
    private const double Hysteresis = 15;
    private TimeSpan _idle;

    public double Busy { get; private set; }

    public LoadLevel Level { get; private set; }

    public void OnIdle(TimeSpan slept) => _idle += slept;

    /// <summary>Closes a period of about a second.</summary>
    public void OnPeriod(TimeSpan length)
    {
        double share = length <= TimeSpan.Zero ? 0 : Math.Clamp(100 * (1 - (_idle / length)), 0, 100);
        _idle = TimeSpan.Zero;
        Busy = (Busy * 0.5) + (share * 0.5);
        double full = busyPercent - (Level == LoadLevel.Full ? Hysteresis : 0);
        double lean = busyPercent - LeanBelow - (Level != LoadLevel.Normal ? Hysteresis : 0);
        Level = Busy >= full ? LoadLevel.Full : Busy >= lean ? LoadLevel.Lean : LoadLevel.Normal;
    }
}
