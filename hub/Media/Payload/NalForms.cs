using System.Buffers.Binary;

namespace ThreeClassrooms.Media.Payload;

/// <summary>Changes between the two forms of an access unit.</summary>
public static class NalForms
{
    /// <summary>Turns 4-byte lengths into 4-byte start codes in place. False, with the rest unchanged, when a length is wrong.</summary>
    public static bool ToAnnexB(Span<byte> lengthPrefixed)
    {
        Span<byte> rest = lengthPrefixed;
        while (rest.Length >= 4)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(rest);
            if (length > rest.Length - 4)
            {
                return false;
            }

            BinaryPrimitives.WriteUInt32BigEndian(rest, 1);
            rest = rest[(4 + (int)length)..];
        }

        return rest.Length == 0;
    }
}
