namespace ThreeClassrooms.Hub.Streams.Loops;

/// <summary>What a stream waits for before it is forwarded.</summary>
/// <param name="Packets">So many packets of a picture leave together, as one run to each watcher; 1: nothing waits. Sound never waits.</param>
/// <param name="Hold">A packet waits no longer for its neighbours.</param>
internal readonly record struct Gathering(int Packets, TimeSpan Hold);

/// <summary>
/// How much is gathered at which load. Senders put 1 to 2 ms between the packets of a picture, so gathering costs milliseconds. Below half a core nobody
/// needs the time that it saves, and everybody would see the delay. Pure; one owner.
/// </summary>
internal sealed class GatherRule
{
    private static readonly (double Busy, Gathering Gathering)[] Levels =
    [
        (0, new Gathering(1, TimeSpan.Zero)),
        (50, new Gathering(4, TimeSpan.FromMilliseconds(8))),
        (70, new Gathering(8, TimeSpan.FromMilliseconds(10))),
    ];

    /// <summary>Gathering takes a third off the load: a level is left when the load would stay below its threshold without it.</summary>
    private const double Hysteresis = 0.65;

    private int _level;

    public Gathering Now => Levels[_level].Gathering;

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
