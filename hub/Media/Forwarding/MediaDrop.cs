namespace ThreeClassrooms.Media.Forwarding;

/// <summary>Why an authentic packet of a publisher went no further.</summary>
public enum MediaDrop
{
    /// <summary>No RTP header, or a payload that is malformed.</summary>
    Unreadable,

    /// <summary>A payload type that was not agreed on.</summary>
    UnknownType,

    /// <summary>Simulcast: a layer that was not agreed on, or that the packet does not name.</summary>
    UnknownLayer,

    /// <summary>A source that another one has replaced.</summary>
    OldSource,

    /// <summary>Longer than any path's MTU.</summary>
    TooLarge,

    /// <summary>It came a second time, or too late.</summary>
    Late,

    /// <summary>A retransmission without content, or of nothing that is missing: senders measure the line with these.</summary>
    Probe,
}

/// <summary>Packets of one publisher that went no further, counted by reason. Read by its owner.</summary>
public sealed class MediaDrops
{
    private readonly long[] _counts = new long[Enum.GetValues<MediaDrop>().Length];

    public long this[MediaDrop reason] => _counts[(int)reason];

    /// <summary>Why the last one was dropped.</summary>
    public MediaDrop Last { get; private set; }

    internal void Count(MediaDrop reason)
    {
        Last = reason;
        _counts[(int)reason]++;
    }
}
