namespace ThreeClassrooms.Hub.Streams.Loops;

/// <summary>
/// How long the loop looks away after each round, so that neighbours to one watcher leave as one run. Senders put 1 to 2 ms between the packets of a
/// picture, so less than 4 ms gathers nothing (measured: 2 ms cost delay and saved no time); below half a core it is not worth the delay.
/// Pure; one owner.
/// </summary>
internal sealed class NapRule
{
    private static readonly (double Busy, TimeSpan Nap)[] Levels =
    [
        (0, TimeSpan.Zero),
        (50, TimeSpan.FromMilliseconds(4)),
        (70, TimeSpan.FromMilliseconds(8)),
    ];

    /// <summary>Napping makes the loop less busy: a level is left only well below where it was entered.</summary>
    private const double Hysteresis = 0.55;

    private int _level;

    /// <summary>0 to 8 ms: a packet is held no longer, half of it in the mean.</summary>
    public TimeSpan Nap => Levels[_level].Nap;

    /// <param name="busy">Share of the loop's time, percent, smoothed.</param>
    public void OnLoad(double busy)
    {
        while (_level + 1 < Levels.Length && busy >= Levels[_level + 1].Busy)
        {
            _level++;
        }

        while (_level > 0 && busy < Levels[_level].Busy * Hysteresis)
        {
            _level--;
        }
    }
}
