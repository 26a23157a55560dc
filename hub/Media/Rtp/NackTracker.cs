using ThreeClassrooms.Media.Time;

namespace ThreeClassrooms.Media.Rtp;

/// <summary>When a receiver asks again.</summary>
public sealed record NackOptions
{
    /// <summary>How long a hole may be mere reordering. 0 to 100 ms; default 5 ms.</summary>
    public TimeSpan ReorderWait { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>The shortest time between two requests for one packet; the round trip counts when it is longer. Default 20 ms.</summary>
    public TimeSpan MinRetry { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Requests for one packet. Default 8.</summary>
    public int MaxTries { get; init; } = 8;

    /// <summary>After this age a packet is of no use any more. Default 800 ms.</summary>
    public TimeSpan GiveUpAfter { get; init; } = TimeSpan.FromMilliseconds(800);
}

/// <summary>What a packet meant to the tracker.</summary>
public enum NackOutcome
{
    /// <summary>Newer than all before it.</summary>
    Newest,

    /// <summary>Filled a hole.</summary>
    Recovered,

    /// <summary>A duplicate, or so old that nobody waits for it.</summary>
    Useless,
}

/// <summary>
/// The receiving side of one stream: which packets are missing, when to ask for them, and when to stop asking. One owner; no allocation after creation.
/// </summary>
public sealed class NackTracker(NackOptions? options = null)
{
    /// <summary>Holes that are kept; a larger jump gives all of them up and asks for a key frame instead.</summary>
    public const int Capacity = 512;

    private readonly NackOptions _options = options ?? new NackOptions();
    private readonly Hole[] _holes = new Hole[Capacity];
    private SequenceUnwrapper _unwrapper;
    private int _count;
    private bool _lostForGood;

    /// <summary>Packets that are missing and still asked for.</summary>
    public int Missing => _count;

    /// <summary>Packets that never came, since the beginning.</summary>
    public long GivenUp { get; private set; }

    /// <summary>Packets that came by asking or late, since the beginning.</summary>
    public long Recovered { get; private set; }

    /// <summary>When <see cref="TakeNacks"/> has something to do; null: nothing is missing.</summary>
    public MonoTime? NextDeadline
    {
        get
        {
            MonoTime? next = null;
            for (int i = 0; i < _count; i++)
            {
                next = MonoTime.Earliest(next, _holes[i].Next);
            }

            return next;
        }
    }

    /// <summary>Every packet of the stream, original or retransmitted (by its original number).</summary>
    public NackOutcome OnPacket(SeqNo sequence, MonoTime now)
    {
        if (!_unwrapper.Started)
        {
            _unwrapper.Unwrap(sequence);
            return NackOutcome.Newest;
        }

        long before = _unwrapper.Highest, place = _unwrapper.Unwrap(sequence);
        if (place <= before)
        {
            return Fill(place) ? NackOutcome.Recovered : NackOutcome.Useless;
        }

        long holes = place - before - 1;
        if (holes + _count > Capacity)
        {
            GivenUp += _count + holes;
            _count = 0;
            _lostForGood = true;
            return NackOutcome.Newest;
        }

        for (long missing = before + 1; missing < place; missing++)
        {
            _holes[_count++] = new Hole(missing, now, now + _options.ReorderWait, 0);
        }

        return NackOutcome.Newest;
    }

    /// <summary>The packet is missing and was not given up.</summary>
    public bool Awaits(SeqNo sequence) =>
        _unwrapper.Started && _holes.AsSpan(0, _count).BinarySearch(new Hole(_unwrapper.Peek(sequence), default, default, 0)) >= 0;

    /// <summary>The packets to ask for now, ascending. Call when <see cref="NextDeadline"/> has come, or on a coarse tick.</summary>
    /// <param name="roundTrip">To the sender; unknown: zero.</param>
    /// <param name="output">Numbers that do not fit stay due.</param>
    /// <returns>How many were written.</returns>
    public int TakeNacks(MonoTime now, TimeSpan roundTrip, Span<SeqNo> output)
    {
        TimeSpan retry = roundTrip > _options.MinRetry ? roundTrip : _options.MinRetry;
        int kept = 0, taken = 0;
        for (int i = 0; i < _count; i++)
        {
            Hole hole = _holes[i];
            if (now - hole.Since >= _options.GiveUpAfter || (hole.Tries >= _options.MaxTries && now >= hole.Next))
            {
                GivenUp++;
                _lostForGood = true;
                continue;
            }

            if (now >= hole.Next && taken < output.Length)
            {
                output[taken++] = new SeqNo((ushort)(hole.Place & 0xFFFF));
                hole = hole with { Next = now + retry, Tries = hole.Tries + 1 };
            }

            _holes[kept++] = hole;
        }

        _count = kept;
        return taken;
    }

    /// <summary>True once after packets were given up: the picture needs a key frame.</summary>
    public bool TakeLoss()
    {
        bool lost = _lostForGood;
        _lostForGood = false;
        return lost;
    }

    /// <summary>Stops asking for everything before <paramref name="sequence"/>: a key frame begins there.</summary>
    public void ForgetBefore(SeqNo sequence)
    {
        long place = _unwrapper.Peek(sequence);
        int drop = 0;
        while (drop < _count && _holes[drop].Place < place)
        {
            drop++;
        }

        Array.Copy(_holes, drop, _holes, 0, _count - drop);
        _count -= drop;
    }

    private bool Fill(long place)
    {
        int at = _holes.AsSpan(0, _count).BinarySearch(new Hole(place, default, default, 0));
        if (at < 0)
        {
            return false;
        }

        Array.Copy(_holes, at + 1, _holes, at, _count - at - 1);
        _count--;
        Recovered++;
        return true;
    }

    // Ordered by place alone.
    private readonly record struct Hole(long Place, MonoTime Since, MonoTime Next, int Tries) : IComparable<Hole>
    {
        public int CompareTo(Hole other) => Place.CompareTo(other.Place);
    }
}
