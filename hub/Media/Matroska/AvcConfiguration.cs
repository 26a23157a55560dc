using System.Buffers.Binary;
using ThreeClassrooms.Media.Payload;

namespace ThreeClassrooms.Media.Matroska;

/// <summary>The AVC decoder configuration record, "avcC" (ISO/IEC 14496-15 §5.3.3.1), with 4-byte lengths.</summary>
internal static class AvcConfiguration
{
    /// <summary>Constrained baseline with 4-byte lengths and no parameter sets: they stand in the key frames.</summary>
    public static readonly byte[] Empty = [1, 0x42, 0xE0, 0x1F, 0xFC | 3, 0xE0, 0];

    /// <summary>Made of the first SPS and PPS of a key frame with 4-byte lengths; null when one is missing.</summary>
    public static byte[]? From(ReadOnlySpan<byte> keyFrame)
    {
        ReadOnlySpan<byte> sps = default, pps = default;
        foreach (ReadOnlySpan<byte> unit in new NalReader(keyFrame, NalForm.LengthPrefixed))
        {
            int type = NalType.Of(unit[0]);
            sps = type == NalType.Sps && sps.IsEmpty ? unit : sps;
            pps = type == NalType.Pps && pps.IsEmpty ? unit : pps;
        }

        if (sps.Length < 4 || pps.IsEmpty || sps.Length > ushort.MaxValue || pps.Length > ushort.MaxValue)
        {
            return null;
        }

        bool high = sps[1] is 100 or 110 or 122 or 144;
        byte[] record = new byte[11 + sps.Length + pps.Length + (high ? 4 : 0)];
        record[0] = 1;
        sps[1..4].CopyTo(record.AsSpan(1));
        record[4] = 0xFC | 3;
        record[5] = 0xE0 | 1;
        BinaryPrimitives.WriteUInt16BigEndian(record.AsSpan(6), (ushort)sps.Length);
        sps.CopyTo(record.AsSpan(8));
        int at = 8 + sps.Length;
        record[at] = 1;
        BinaryPrimitives.WriteUInt16BigEndian(record.AsSpan(at + 1), (ushort)pps.Length);
        pps.CopyTo(record.AsSpan(at + 3));
        if (high)
        {
            // 4:2:0, 8 bits, no SPS extensions: what live encoders produce.
            ReadOnlySpan<byte> tail = [0xFC | 1, 0xF8, 0xF8, 0];
            tail.CopyTo(record.AsSpan(at + 3 + pps.Length));
        }

        return record;
    }
}
