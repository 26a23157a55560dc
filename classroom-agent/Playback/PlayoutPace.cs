namespace ThreeClassrooms.Agent.Playback;

/// <summary>
/// Keeps a player near the live edge: a player that once stood still would stay behind for the rest of the lesson. Slightly faster while it lags,
/// normal when it has caught up (with hysteresis, or the pitch would waver). Pure.
/// </summary>
internal sealed class PlayoutPace(TimeSpan catchUpOver)
{
    private const double Faster = 1.1;

    public double Speed { get; private set; } = 1;

    /// <param name="lag">Newest time stamp handed to the player minus the one it shows.</param>
    /// <returns>True when <see cref="Speed"/> has changed.</returns>
    public bool OnLag(TimeSpan lag)
    {
        double wanted = lag > catchUpOver ? Faster : lag < catchUpOver / 2 ? 1 : Speed;
        bool changed = Math.Abs(wanted - Speed) > 0.001;
        Speed = wanted;
        return changed;
    }
}
