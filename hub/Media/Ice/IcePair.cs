using ThreeClassrooms.Media.Peers;
using ThreeClassrooms.Media.Stun;
using ThreeClassrooms.Media.Time;

namespace ThreeClassrooms.Media.Ice;

/// <summary>A remote candidate as seen from our one local base, and the check that is under way to it. Owned by <see cref="IceFullAgent"/>.</summary>
internal sealed class IcePair(TransportAddress remote, uint priority, MonoTime due)
{
    /// <summary>First wait for an answer, doubled up to <see cref="SlowestRetry"/>. Shorter than the 500 ms of RFC 8489 §6.2.1: one lost check must not hold up a lesson.</summary>
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan SlowestRetry = TimeSpan.FromSeconds(3.2);
    private static readonly TimeSpan ConsentRetry = TimeSpan.FromSeconds(1);
    private TimeSpan _retry = FirstRetry;
    private MonoTime _sent;
    private bool _retransmitted;

    public TransportAddress Remote { get; } = remote;

    /// <summary>The PRIORITY that our checks carry; higher is better, UDP above TCP.</summary>
    public uint Priority { get; } = priority;

    /// <summary>Null while nothing is unanswered.</summary>
    public StunTransaction? Pending { get; private set; }

    public MonoTime Due { get; private set; } = due;

    /// <summary>When a check was last answered; null before the first answer of this ICE generation.</summary>
    public MonoTime? Answered { get; private set; }

    /// <summary>Checks sent since the last answer.</summary>
    public int Unanswered { get; private set; }

    /// <summary>Checks answered in a row.</summary>
    public int Streak { get; private set; }

    /// <summary>The peer, controlling, named this pair.</summary>
    public bool NominatedByPeer { get; set; }

    public bool Works => Answered is not null;

    /// <summary>The transaction to send now: the pending one again while connecting, a new one for consent (RFC 7675 §5.1).</summary>
    public StunTransaction OnSend(StunTransaction fresh, MonoTime now)
    {
        Streak = Unanswered > 0 ? 0 : Streak;
        Unanswered++;
        if (Works || Pending is null)
        {
            (Pending, _retransmitted) = (fresh, false);
        }
        else
        {
            _retransmitted = true;
        }

        _sent = now;
        Due = now + (Works ? ConsentRetry : _retry);
        _retry = _retry * 2 < SlowestRetry ? _retry * 2 : SlowestRetry;
        return Pending!.Value;
    }

    /// <summary>Takes a success; the round trip is null when it cannot be told (a retransmitted check).</summary>
    public TimeSpan? OnAnswer(MonoTime now, TimeSpan nextCheck)
    {
        Pending = null;
        Answered = now;
        Unanswered = 0;
        Streak++;
        Due = now + nextCheck;
        return _retransmitted ? null : now - _sent;
    }

    public void CheckAt(MonoTime when) => Due = when;

    /// <summary>Forgets everything learned under the old credentials.</summary>
    public void Reset(MonoTime due)
    {
        (Pending, Answered, Unanswered, Streak, NominatedByPeer) = (null, null, 0, 0, false);
        (_retry, Due) = (FirstRetry, due);
    }

    /// <summary>After a role change the same check must go out under the other role, as a new transaction.</summary>
    public void Retry(MonoTime now) => (Pending, Due) = (null, now);
}
