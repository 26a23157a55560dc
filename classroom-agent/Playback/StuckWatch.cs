namespace ThreeClassrooms.Agent.Playback;

/// <summary>Tells a player that hangs from one that has nothing to show: it is fed, but its clock stands still. Pure; one owner.</summary>
internal sealed class StuckWatch
{
    /// <summary>So much is fed before a standing clock is called stuck.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    private double? _shown;
    private TimeSpan _fedAtChange;

    /// <param name="shown">The player's clock in seconds; null: it does not answer, or has no picture.</param>
    /// <param name="fed">Time stamp of the newest frame handed to it.</param>
    /// <returns>True: it should be started anew.</returns>
    public bool OnBeat(double? shown, TimeSpan fed)
    {
        if (shown != _shown || fed < _fedAtChange)
        {
            (_shown, _fedAtChange) = (shown, fed);
            return false;
        }

        return fed - _fedAtChange > Patience;
    }
}
