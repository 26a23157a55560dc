using System.Buffers.Binary;
using System.Security.Cryptography;

namespace ThreeClassrooms.Media.Stun;

/// <summary>The MAC of MESSAGE-INTEGRITY (RFC 8489 §14.5) under a short-term credential's password.</summary>
internal static class StunIntegrity
{
    public const int Length = 20;

    /// <param name="message">The bytes up to the attribute (exclusive), <see cref="StunMessage.MaxLength"/> at most.</param>
    /// <param name="mac">20 bytes.</param>
    public static void Compute(ReadOnlySpan<byte> key, ReadOnlySpan<byte> message, Span<byte> mac)
    {
        // The length field counts up to and with the attribute itself, whatever follows it on the wire.
        Span<byte> copy = stackalloc byte[StunMessage.MaxLength];
        message.CopyTo(copy);
        BinaryPrimitives.WriteUInt16BigEndian(copy[2..], (ushort)(message.Length - StunMessage.HeaderLength + 4 + Length));
#pragma warning disable CA5350 // HMAC-SHA1 is what RFC 8445 §7.1 prescribes for connectivity checks.
        HMACSHA1.HashData(key, copy[..message.Length], mac);
#pragma warning restore CA5350
    }
}
