namespace ThreeClassrooms.Media.Rtp;

/// <summary>An RTP sequence number (RFC 3550 §5.1): 16 bits that wrap. Order exists only within half the range.</summary>
/// <remarks>There is no &lt; on purpose: comparing across the wrap is done by <see cref="DistanceFrom"/>.</remarks>
public readonly record struct SeqNo(ushort Value)
{
    public SeqNo Next => new(unchecked((ushort)(Value + 1)));

    public SeqNo Previous => new(unchecked((ushort)(Value - 1)));

    public static SeqNo operator +(SeqNo seq, int steps) => new(unchecked((ushort)(seq.Value + steps)));

    public static SeqNo operator -(SeqNo seq, int steps) => new(unchecked((ushort)(seq.Value - steps)));

    /// <summary>Steps from <paramref name="other"/> to this, −32768 to 32767; positive when this is newer.</summary>
    public int DistanceFrom(SeqNo other) => unchecked((short)(Value - other.Value));

    /// <summary>True when this comes after <paramref name="other"/>; false for the same number.</summary>
    public bool IsNewerThan(SeqNo other) => DistanceFrom(other) > 0;

    public override string ToString() => $"#{Value}";
}
