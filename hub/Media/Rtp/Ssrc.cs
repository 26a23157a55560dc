namespace ThreeClassrooms.Media.Rtp;

/// <summary>A synchronisation source identifier (RFC 3550 §3): the name of one RTP stream within a connection.</summary>
public readonly record struct Ssrc(uint Value)
{
    public override string ToString() => Value.ToString("x8", System.Globalization.CultureInfo.InvariantCulture);
}
