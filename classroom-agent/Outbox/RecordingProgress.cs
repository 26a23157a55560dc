namespace ThreeClassrooms.Agent.Outbox;

/// <summary>Cuts the time in which the local recording was written into pieces worth a record. Pure; one owner.</summary>
internal sealed class RecordingProgress
{
    /// <summary>What a crash costs at most.</summary>
    private static readonly TimeSpan Piece = TimeSpan.FromSeconds(20);

    /// <summary>Calls that lie further apart (a sleeping machine) do not belong together.</summary>
    private static readonly TimeSpan Joint = TimeSpan.FromSeconds(5);

    private (DateTimeOffset From, DateTimeOffset To, bool Linked)? _open;

    /// <returns>A finished piece; null: none yet.</returns>
    public (DateTimeOffset From, DateTimeOffset To, bool Linked)? OnTime(bool recorded, bool linked, DateTimeOffset now)
    {
        if (_open is not var (from, to, since) || now < to)
        {
            _open = recorded ? (now, now, linked) : null;
            return null;
        }

        bool goesOn = recorded && now - to <= Joint;
        DateTimeOffset end = goesOn ? now : to;
        if (goesOn && linked == since && end - from < Piece)
        {
            _open = (from, end, since);
            return null;
        }

        _open = recorded ? (now, now, linked) : null;
        return end > from ? (from, end, since) : null;
    }
}
