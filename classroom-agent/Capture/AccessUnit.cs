using System.Buffers.Binary;
using ThreeClassrooms.Media.Payload;

namespace ThreeClassrooms.Agent.Capture;

/// <summary>H.264 access units in Annex B form (ITU-T H.264 annex B).</summary>
internal static class AccessUnit
{
    private const int IdrSlice = 5;

    public static MediaFrame Frame(TimeSpan at, byte[] annexB) => new(TrackKind.Video, at, IsKey(annexB), annexB);

    /// <summary>True when one of the NAL units is an IDR slice.</summary>
    public static bool IsKey(ReadOnlySpan<byte> annexB)
    {
        int at = 0;
        while (true)
        {
            int next = annexB[at..].IndexOf("\0\0\u0001"u8);
            if (next < 0 || at + next + 3 >= annexB.Length)
            {
                return false;
            }

            at += next + 3;
            int type = annexB[at] & 0x1F;
            if (type is IdrSlice or 1)
            {
                return type == IdrSlice;
            }
        }
    }

    /// <summary>The same NAL units behind 4-byte lengths; a copy.</summary>
    public static byte[] LengthPrefixed(ReadOnlySpan<byte> annexB)
    {
        int length = 0;
        foreach (ReadOnlySpan<byte> unit in new NalReader(annexB, NalForm.AnnexB))
        {
            length += 4 + unit.Length;
        }

        byte[] output = new byte[length];
        Span<byte> rest = output;
        foreach (ReadOnlySpan<byte> unit in new NalReader(annexB, NalForm.AnnexB))
        {
            BinaryPrimitives.WriteInt32BigEndian(rest, unit.Length);
            unit.CopyTo(rest[4..]);
            rest = rest[(4 + unit.Length)..];
        }

        return output;
    }
}
