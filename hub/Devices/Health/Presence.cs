using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Hub.Devices.Health;

/// <summary>What the hub may say of a device's connection at a moment.</summary>
internal enum PresenceState
{
    /// <summary>Nothing was ever heard of it.</summary>
    Never,

    /// <summary>The hub is blind, or sees again for so short a time that silence means nothing yet.</summary>
    Unseen,
    Up,

    /// <summary>Connected, but its reports stay away.</summary>
    Silent,
    Down,
}

/// <summary>
/// A device's connection, folded from births, wills and heartbeats in whatever order they come. A will counts only for the connection that it belongs
/// to: one that was followed by a newer connection, or that has been seen to end, is ignored whatever comes late. One owner; not thread-safe.
/// </summary>
internal sealed class Presence
{
    /// <summary>Ended connections that are remembered: more than one device makes within a broker's redelivery.</summary>
    private const int Remembered = 8;

    private readonly Queue<Guid> _ended = new();

    private const string Lost = "lost";

    private bool _bornLive;

    /// <summary>Its connection was up and was lost, which may be a matter of a moment; null: it is not so.</summary>
    private DateTimeOffset? _lostAt;

    /// <summary>The last one born; null until a birth or a will was seen.</summary>
    public Guid? Connection { get; private set; }

    /// <summary>The machine's start that the connection belongs to.</summary>
    public Guid? Boot { get; private set; }

    /// <summary>Its start by the device's own clock: tells only which of two connections of one device is the newer.</summary>
    public DateTimeOffset ConnectionSince { get; private set; }

    public bool Up { get; private set; }

    /// <summary>"shutdown", "lost", "disabled"; null while up.</summary>
    public string? DownReason { get; private set; }

    /// <summary>UTC of the hub: the last birth seen live.</summary>
    public DateTimeOffset? ConnectedAt { get; private set; }

    public DateTimeOffset? DownAt { get; private set; }

    /// <summary>UTC of the hub: the last birth or heartbeat that was not a retained copy.</summary>
    public DateTimeOffset? HeardAt { get; private set; }

    public IReadOnlyCollection<Guid> Ended => _ended;

    /// <summary>Takes up what was known before the hub's restart.</summary>
    public static Presence Restore(
        Guid? connection, Guid? boot, DateTimeOffset connectionSince, bool up, string? downReason, DateTimeOffset? connectedAt, DateTimeOffset? downAt,
        DateTimeOffset? heardAt, IEnumerable<Guid> ended)
    {
        var presence = new Presence
        {
            Connection = connection,
            Boot = boot,
            ConnectionSince = connectionSince,
            Up = up,
            DownReason = downReason,
            ConnectedAt = connectedAt,
            DownAt = downAt,
            HeardAt = heardAt,
        };
        foreach (Guid one in ended.TakeLast(Remembered))
        {
            presence._ended.Enqueue(one);
        }

        return presence;
    }

    /// <param name="retained">A copy that the broker kept: true when it was sent, no proof of life now.</param>
    /// <returns>False: stale or known, nothing changed.</returns>
    public bool OnState(AgentState state, bool retained, DateTimeOffset now) => state.Online ? OnBirth(state, retained, now) : OnEnd(state, now);

    public void OnHeartbeat(DateTimeOffset now) => HeardAt = now;

    public PresenceState At(Sight sight, HealthOptions options, DateTimeOffset now)
    {
        if (Connection is null && HeardAt is null)
        {
            return PresenceState.Never;
        }

        if (sight.Blind)
        {
            return PresenceState.Unseen;
        }

        if (!Up && _lostAt is { } gone && gone >= sight.Since && now - gone >= options.LostGrace && now - sight.Since <= options.SightGrace
            && !(HeardAt >= sight.Since))
        {
            // Lost in the crowd that comes back after the hub (or its broker) was away, and not heard since: not known yet.
            return PresenceState.Unseen;
        }

        if (!Up && !(_lostAt is { } lost && now - lost < options.LostGrace))
        {
            // Its reports come although its connection was said to be over: believed, but only as long as the next report may take.
            return HeardAt is { } heard && (DownAt is not { } down || heard > down) && now - heard <= options.HeardOnly ? PresenceState.Up : PresenceState.Down;
        }

        if (HeardAt is { } proof && proof >= sight.Since)
        {
            return now - proof > options.NoHeartbeat ? PresenceState.Silent : PresenceState.Up;
        }

        // Born before the hub (or its broker) was away: a broker that died keeps births and forgets wills.
        return sight.BlindFrom is { } from && now - from <= options.SightGrace ? (HeardAt is null ? PresenceState.Unseen : PresenceState.Up)
            : now - sight.Since <= options.SightGrace ? PresenceState.Unseen
            : PresenceState.Down;
    }

    private bool OnBirth(AgentState birth, bool retained, DateTimeOffset now)
    {
        if (_ended.Contains(birth.Connection))
        {
            return false;
        }

        bool known = birth.Connection == Connection;
        if (!known && Connection is { } before)
        {
            // A machine's own clock tells its connections' order; between two starts it may have jumped.
            if (birth.Since < ConnectionSince && (birth.Boot == Boot || (retained && _bornLive)))
            {
                End(birth.Connection);
                return false;
            }

            End(before);
        }

        _bornLive = !retained || (known && _bornLive);
        if (!retained)
        {
            (HeardAt, ConnectedAt) = (now, now);
        }

        (Connection, Boot, ConnectionSince) = (birth.Connection, birth.Boot, birth.Since);
        (Up, DownReason, DownAt, _lostAt) = (true, null, null, null);
        ConnectedAt ??= birth.Since;
        return !known;
    }

    private bool OnEnd(AgentState end, DateTimeOffset now)
    {
        if (_ended.Contains(end.Connection))
        {
            return false;
        }

        if (Connection is { } current && end.Connection != current)
        {
            if (end.Since <= ConnectionSince)
            {
                End(end.Connection); // of a connection before this one: its birth, should it come yet, is as old
                return false;
            }

            End(current); // of a newer connection, whose birth the hub was not there to see
        }

        _lostAt = end.Reason != Lost ? null : Up ? now : _lostAt;
        (Connection, Boot, ConnectionSince) = (end.Connection, end.Boot, end.Since);
        (Up, DownReason, DownAt) = (false, end.Reason, now);
        End(end.Connection);
        return true;
    }

    private void End(Guid connection)
    {
        _ended.Enqueue(connection);
        while (_ended.Count > Remembered)
        {
            _ended.Dequeue();
        }
    }
}
