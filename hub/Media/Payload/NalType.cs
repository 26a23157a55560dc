namespace ThreeClassrooms.Media.Payload;

/// <summary>H.264 NAL unit types that matter here (ITU-T H.264 table 7-1, RFC 6184 §5.2).</summary>
public static class NalType
{
    public const int Slice = 1;
    public const int Idr = 5;
    public const int Sei = 6;
    public const int Sps = 7;
    public const int Pps = 8;
    public const int Delimiter = 9;
    public const int Filler = 12;

    /// <summary>Single-time aggregation packet (RFC 6184 §5.7.1).</summary>
    public const int StapA = 24;

    /// <summary>Fragmentation unit (RFC 6184 §5.8).</summary>
    public const int FuA = 28;

    public static int Of(byte header) => header & 0x1F;
}
