namespace ThreeClassrooms.Media.Rtp;

/// <summary>An RTP timestamp in units of the codec's clock (RFC 3550 §5.1): 32 bits that wrap.</summary>
public readonly record struct RtpTime(uint Value)
{
    public static RtpTime operator +(RtpTime time, int units) => new(unchecked(time.Value + (uint)units));

    public static RtpTime operator -(RtpTime time, int units) => new(unchecked(time.Value - (uint)units));

    /// <summary>Clock units from <paramref name="other"/> to this, wrap-aware; positive when this is later.</summary>
    public int DistanceFrom(RtpTime other) => unchecked((int)(Value - other.Value));

    public bool IsLaterThan(RtpTime other) => DistanceFrom(other) > 0;

    public override string ToString() => $"t{Value}";
}
