using System.Buffers.Binary;

namespace ThreeClassrooms.Media.Dtls;

/// <summary>
/// A first look at the records of a datagram (RFC 6347 §4.1), before OpenSSL sees them: an encrypted record too short for nonce and tag
/// would be a fatal error there, so that one forged datagram could end a connection.
/// <code>| type (8) | version (16) | epoch (16) | sequence (48) | length (16) | fragment … |</code>
/// </summary>
internal static class DtlsRecords
{
    private const int HeaderLength = 13;
    private const int ChangeCipherSpec = 20;
    private const int ApplicationData = 23;

    // Explicit nonce (8) and tag (16) of AES-GCM (RFC 5288 §3), the only ciphers offered.
    private const int LeastEncrypted = 24;

    /// <summary>How many bytes from the start are whole records that may be given on; 0: none. Never throws.</summary>
    public static int SoundLength(ReadOnlySpan<byte> wire)
    {
        var at = 0;
        while (wire.Length - at >= HeaderLength)
        {
            var record = wire[at..];
            var length = BinaryPrimitives.ReadUInt16BigEndian(record[11..]);
            var epoch = BinaryPrimitives.ReadUInt16BigEndian(record[3..]);
            if (record[0] is < ChangeCipherSpec or > ApplicationData
                || record[1] != 0xFE
                || record[2] is not (0xFD or 0xFF)
                || length == 0
                || record.Length < HeaderLength + length
                || (epoch > 0 && length <= LeastEncrypted))
            {
                break;
            }

            at += HeaderLength + length;
        }

        return at;
    }
}
