namespace ThreeClassrooms.Media.Payload;

/// <summary>H.264 NAL unit types that matter here (ITU-T H.264 table 7-1, RFC 6184 §5.2).</summary>
public static class NalType
{
    public const int Slice = 1;

    /// <summary>The part of a partitioned slice that has its header; B and C follow it.</summary>
    public const int PartitionA = 2;
    public const int Idr = 5;
    public const int Sei = 6;
    public const int Sps = 7;
    public const int Pps = 8;
    public const int Delimiter = 9;
    public const int SequenceEnd = 10;
    public const int StreamEnd = 11;
    public const int Filler = 12;

    /// <summary>Single-time aggregation packet (RFC 6184 §5.7.1).</summary>
    public const int StapA = 24;

    /// <summary>Fragmentation unit (RFC 6184 §5.8).</summary>
    public const int FuA = 28;

    public static int Of(byte header) => header & 0x1F;

    /// <summary>The unit begins with a slice header (§7.3.3).</summary>
    public static bool IsSlice(int type) => type is Slice or PartitionA or Idr;

    /// <summary>The first slice of a picture: first_mb_in_slice is 0, whose Exp-Golomb code is the single bit 1.</summary>
    /// <param name="slice">Behind the unit's header byte; as much as has come.</param>
    public static bool IsFirstSlice(ReadOnlySpan<byte> slice) => slice.Length > 0 && (slice[0] & 0x80) != 0;

    /// <summary>A first slice whose type says that the whole picture is of I slices (7), or that it is one itself (2).</summary>
    /// <param name="slice">Behind the unit's header byte; as much as has come.</param>
    public static bool IsIntraSlice(ReadOnlySpan<byte> slice)
    {
        if (!IsFirstSlice(slice))
        {
            return false;
        }

        var bits = new BitReader(slice);
        bits.Unsigned(); // first_mb_in_slice
        return bits.Unsigned() is 2 or 7 && !bits.Overrun;
    }
}
