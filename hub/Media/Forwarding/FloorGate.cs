namespace ThreeClassrooms.Media.Forwarding;

/// <summary>What of a stream may reach a watcher.</summary>
public readonly record struct Passage(bool Video, bool Audio);

/// <summary>
/// Who sees and hears whom in a lesson. The lecturer goes to everybody. A classroom's picture goes to the lecturer and to
/// observers always, to other classrooms only with the floor; its sound goes to anybody only with the floor and not muted.
/// Nobody is given the own sound back.
/// </summary>
public static class FloorGate
{
    public const string Host = "host";
    public const string ObserverPrefix = "o-";

    /// <param name="streamSeat">The seat that publishes.</param>
    /// <param name="watcherSeat">The seat that watches; observers are "o-…".</param>
    /// <param name="floorSeat">The seat that has the floor beside the lecturer; null: none.</param>
    /// <param name="muted">The publishing seat is muted.</param>
    public static Passage Of(string streamSeat, string watcherSeat, string? floorSeat, bool muted)
    {
        bool featured = streamSeat == Host || streamSeat == floorSeat;
        bool own = streamSeat == watcherSeat;
        bool looksOn = watcherSeat == Host || watcherSeat.StartsWith(ObserverPrefix, StringComparison.Ordinal);
        return new Passage(featured || looksOn || own, featured && !muted && !own);
    }
}
