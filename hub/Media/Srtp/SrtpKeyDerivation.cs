using System.Buffers.Binary;
using System.Security.Cryptography;

namespace ThreeClassrooms.Media.Srtp;

/// <summary>The key derivation of RFC 3711 §4.3 with a derivation rate of 0: AES-CM as the pseudo-random function over the master key and salt.</summary>
internal static class SrtpKeyDerivation
{
    public const byte RtpEncryption = 0;
    public const byte RtpAuthentication = 1;
    public const byte RtpSalt = 2;
    public const byte RtcpEncryption = 3;
    public const byte RtcpAuthentication = 4;
    public const byte RtcpSalt = 5;

    /// <summary>Fills <paramref name="output"/> (any length up to 1 KiB) with the session key of one label.</summary>
    public static void Derive(in SrtpKeys keys, byte label, Span<byte> output)
    {
        Span<byte> input = stackalloc byte[16];
        input.Clear();
        keys.Salt.CopyTo(input);
        // The key id is label || 48-bit index (0), aligned to the right end of the 112-bit salt (RFC 7714 §11 pads the 96-bit salt on the right).
        input[7] ^= label;
        using var aes = Aes.Create();
        aes.Key = keys.Key;
        Span<byte> block = stackalloc byte[16];
        for (var counter = 0; output.Length > 0; counter++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(input[14..], (ushort)counter);
            aes.EncryptEcb(input, block, PaddingMode.None);
            var taken = Math.Min(16, output.Length);
            block[..taken].CopyTo(output);
            output = output[taken..];
        }

        block.Clear();
    }
}
