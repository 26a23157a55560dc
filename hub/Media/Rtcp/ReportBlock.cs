using System.Buffers.Binary;
using ThreeClassrooms.Media.Rtp;

namespace ThreeClassrooms.Media.Rtcp;

/// <summary>One reception report (RFC 3550 §6.4.1), 24 bytes.</summary>
/// <param name="Source">The stream reported on.</param>
/// <param name="FractionLost">Of the packets since the last report, in 1/256.</param>
/// <param name="CumulativeLost">Since the beginning, −8388608 to 8388607; negative with duplicates.</param>
/// <param name="HighestSequence">Highest number received, with the count of wraps in the upper half.</param>
/// <param name="Jitter">Interarrival jitter in units of the codec's clock.</param>
/// <param name="LastReport">Middle 32 bits of the NTP time of the last SR received; 0: none.</param>
/// <param name="DelaySinceLastReport">Since that SR arrived, in 1/65536 s.</param>
public readonly record struct ReportBlock(
    Ssrc Source, byte FractionLost, int CumulativeLost, uint HighestSequence, uint Jitter, uint LastReport, uint DelaySinceLastReport)
{
    public const int Length = 24;

    /// <summary>0 to 1.</summary>
    public double LossRatio => FractionLost / 256.0;

    /// <param name="wire">24 bytes or more.</param>
    public static ReportBlock Read(ReadOnlySpan<byte> wire) => new(
        new Ssrc(BinaryPrimitives.ReadUInt32BigEndian(wire)),
        wire[4],
        BinaryPrimitives.ReadInt32BigEndian(wire[4..]) << 8 >> 8,
        BinaryPrimitives.ReadUInt32BigEndian(wire[8..]),
        BinaryPrimitives.ReadUInt32BigEndian(wire[12..]),
        BinaryPrimitives.ReadUInt32BigEndian(wire[16..]),
        BinaryPrimitives.ReadUInt32BigEndian(wire[20..]));

    /// <param name="output">24 bytes or more.</param>
    public void Write(Span<byte> output)
    {
        int lost = Math.Clamp(CumulativeLost, -0x80_0000, 0x7F_FFFF) & 0xFF_FFFF;
        BinaryPrimitives.WriteUInt32BigEndian(output, Source.Value);
        BinaryPrimitives.WriteUInt32BigEndian(output[4..], ((uint)FractionLost << 24) | (uint)lost);
        BinaryPrimitives.WriteUInt32BigEndian(output[8..], HighestSequence);
        BinaryPrimitives.WriteUInt32BigEndian(output[12..], Jitter);
        BinaryPrimitives.WriteUInt32BigEndian(output[16..], LastReport);
        BinaryPrimitives.WriteUInt32BigEndian(output[20..], DelaySinceLastReport);
    }

    /// <summary>
    /// Round-trip time seen by the sender of the SR that this block answers (RFC 3550 §6.4.1, A − LSR − DLSR).
    /// Null when no SR was answered, or the result is negative or above 10 s (a lie or a broken clock).
    /// </summary>
    /// <param name="arrived">When the report arrived, by the same clock that stamped the SR.</param>
    public TimeSpan? RoundTrip(NtpTime arrived)
    {
        if (LastReport == 0)
        {
            return null;
        }

        int units = unchecked((int)(arrived.Middle - LastReport - DelaySinceLastReport));
        return units is < 0 or > 10 * 65536 ? null : TimeSpan.FromTicks(units * TimeSpan.TicksPerSecond / 65536);
    }
}

/// <summary>Report blocks in place; foreach gives <see cref="ReportBlock"/> values.</summary>
public ref struct ReportBlockList
{
    private ReadOnlySpan<byte> _rest;
    private int _left;

    internal ReportBlockList(ReadOnlySpan<byte> blocks, int count)
    {
        _rest = blocks;
        _left = count;
    }

    public ReportBlock Current { get; private set; }

    public readonly ReportBlockList GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_left == 0 || _rest.Length < ReportBlock.Length)
        {
            return false;
        }

        Current = ReportBlock.Read(_rest);
        _rest = _rest[ReportBlock.Length..];
        _left--;
        return true;
    }
}
