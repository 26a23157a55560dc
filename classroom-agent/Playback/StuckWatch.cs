namespace ThreeClassrooms.Agent.Playback;

/// <summary>Tells a player that hangs from one that has nothing to show: it is fed, but its clock stands still. Pure; one owner.</summary>
internal sealed class StuckWatch
{
    /// <summary>So many beats in a row may be fed to a standing clock. Beats and not time stamps: those leap when the line comes back.</summary>
    public const int Patience = 8;

    private double? _shown;
    private TimeSpan _fed;
    private int _beats;

    /// <summary>To be called once a second.</summary>
    /// <param name="shown">The player's clock in seconds; null: it does not answer, or has no picture.</param>
    /// <param name="fed">Time stamp of the newest frame handed to it.</param>
    /// <returns>True: it should be started anew.</returns>
    public bool OnBeat(double? shown, TimeSpan fed)
    {
        _beats = fed > _fed && shown == _shown ? _beats + 1 : 0;
        (_shown, _fed) = (shown, fed);
        return _beats > Patience;
    }
}
