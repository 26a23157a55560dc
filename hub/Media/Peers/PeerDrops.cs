namespace ThreeClassrooms.Media.Peers;

/// <summary>Why a datagram was not taken.</summary>
public enum DropReason
{
    /// <summary>The first byte belongs to no protocol of RFC 7983 that we speak, or the datagram is empty.</summary>
    UnknownProtocol,
    MalformedStun,

    /// <summary>STUN with a wrong or missing MESSAGE-INTEGRITY.</summary>
    BadIntegrity,

    /// <summary>STUN for another user name.</summary>
    UnknownUser,

    /// <summary>STUN that answers nothing, or is a copy of a request from another address.</summary>
    UnexpectedStun,

    /// <summary>DTLS or media from an address that no authenticated check has validated.</summary>
    UnknownAddress,

    /// <summary>DTLS that does not begin with a whole, plausible record.</summary>
    MalformedDtls,

    /// <summary>Media before the keys are there.</summary>
    TooEarly,
    MalformedMedia,
    Replayed,

    /// <summary>SRTP or SRTCP whose tag is wrong.</summary>
    Unauthenticated,
    TooManySources,

    /// <summary>Anything after the end.</summary>
    Closed,
}

/// <summary>Refused datagrams of one peer, counted by reason. Read by the peer's owner.</summary>
public sealed class PeerDrops
{
    private readonly long[] _counts = new long[Enum.GetValues<DropReason>().Length];

    public long this[DropReason reason] => _counts[(int)reason];

    public long Total
    {
        get
        {
            var sum = 0L;
            foreach (var count in _counts)
            {
                sum += count;
            }

            return sum;
        }
    }

    /// <summary>Why the last refused datagram was refused.</summary>
    public DropReason Last { get; private set; }

    internal DatagramKind Count(DropReason reason)
    {
        Last = reason;
        _counts[(int)reason]++;
        return DatagramKind.Dropped;
    }
}
