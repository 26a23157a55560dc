using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace ThreeClassrooms.Media.Dtls;

/// <summary>
/// What is left to say on an association whose handshake is behind both sides: that it ends. Opens and seals alert records (RFC 5246 §7.2 in records of RFC 6347 §4.1,
/// AES-GCM by RFC 5288) with the association's own keys, so that nothing else of it need be kept. One owner.
/// </summary>
internal sealed class DtlsAlerts : IDisposable
{
    private const int HeaderLength = 13;
    private const int FixedNonce = 4;
    private const int ExplicitNonce = 8;
    private const int Tag = 16;
    private const int AlertLength = 2;
    private const byte Alert = 21;
    private const byte Fatal = 2;
    private const byte CloseNotify = 0;
    private const ulong Epoch = 1UL << 48;

    // Far behind any record of a handshake: the peer has not seen it, and need not have seen what lies between.
    private const ulong LastSequence = Epoch | (1UL << 40);

    private readonly byte[] _readKey, _writeKey, _readFixed, _writeFixed;

    private DtlsAlerts(byte[] readKey, byte[] writeKey, byte[] readFixed, byte[] writeFixed) =>
        (_readKey, _writeKey, _readFixed, _writeFixed) = (readKey, writeKey, readFixed, writeFixed);

    /// <param name="master">The master secret, 48 bytes.</param>
    /// <param name="hash">Of the cipher suite: SHA-256 or SHA-384.</param>
    /// <param name="keyLength">16 or 32.</param>
    /// <param name="client">Whether this side was the client of the handshake.</param>
    public static DtlsAlerts Derive(
        ReadOnlySpan<byte> master, ReadOnlySpan<byte> clientRandom, ReadOnlySpan<byte> serverRandom, HashAlgorithmName hash, int keyLength, bool client)
    {
        // client key | server key | client fixed nonce | server fixed nonce (RFC 5246 §6.3)
        byte[] block = Expand(master, [.. Encoding.ASCII.GetBytes("key expansion"), .. serverRandom, .. clientRandom], hash, (2 * keyLength) + (2 * FixedNonce));
        var (clientKey, serverKey) = (block[..keyLength], block[keyLength..(2 * keyLength)]);
        var (clientFixed, serverFixed) = (block[(2 * keyLength)..^FixedNonce], block[^FixedNonce..]);
        CryptographicOperations.ZeroMemory(block);
        return client ? new DtlsAlerts(serverKey, clientKey, serverFixed, clientFixed) : new DtlsAlerts(clientKey, serverKey, clientFixed, serverFixed);
    }

    /// <summary>A datagram that tells the peer of the end.</summary>
    public byte[] SealClose()
    {
        var record = new byte[HeaderLength + ExplicitNonce + AlertLength + Tag];
        WriteHeader(record, LastSequence, (ushort)(record.Length - HeaderLength));
        Span<byte> nonce = stackalloc byte[FixedNonce + ExplicitNonce];
        _writeFixed.CopyTo(nonce);

        // The one record that is sealed here; the handshake's few counted up from a random number as well.
        RandomNumberGenerator.Fill(nonce[FixedNonce..]);
        nonce[FixedNonce..].CopyTo(record.AsSpan(HeaderLength));
        Span<byte> associated = stackalloc byte[HeaderLength];
        WriteAssociated(associated, LastSequence);
        using var gcm = new AesGcm(_writeKey, Tag);
        gcm.Encrypt(nonce, [1, CloseNotify], record.AsSpan(HeaderLength + ExplicitNonce, AlertLength), record.AsSpan(^Tag..), associated);
        return record;
    }

    /// <summary>Whether the peer says the end: a close_notify or a fatal alert that is really its own. Everything else is nothing. Never throws.</summary>
    /// <param name="wire">Whole records (<see cref="DtlsRecords.SoundLength"/>).</param>
    public bool SaysEnd(ReadOnlySpan<byte> wire)
    {
        while (wire.Length >= HeaderLength)
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(wire[11..]);
            if (wire.Length < HeaderLength + length)
            {
                return false;
            }

            if (wire[0] == Alert && length == ExplicitNonce + AlertLength + Tag && IsEnd(wire[..(HeaderLength + length)]))
            {
                return true;
            }

            wire = wire[(HeaderLength + length)..];
        }

        return false;
    }

    public void Dispose()
    {
        foreach (var secret in (ReadOnlySpan<byte[]>)[_readKey, _writeKey, _readFixed, _writeFixed])
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    private bool IsEnd(ReadOnlySpan<byte> record)
    {
        var number = BinaryPrimitives.ReadUInt64BigEndian(record[3..]);
        if (number >> 48 != 1)
        {
            return false;
        }

        Span<byte> nonce = stackalloc byte[FixedNonce + ExplicitNonce];
        _readFixed.CopyTo(nonce);
        record.Slice(HeaderLength, ExplicitNonce).CopyTo(nonce[FixedNonce..]);
        Span<byte> associated = stackalloc byte[HeaderLength];
        WriteAssociated(associated, number);
        record.Slice(1, 2).CopyTo(associated[9..]);
        Span<byte> alert = stackalloc byte[AlertLength];
        using var gcm = new AesGcm(_readKey, Tag);
        try
        {
            gcm.Decrypt(nonce, record.Slice(HeaderLength + ExplicitNonce, AlertLength), record[^Tag..], alert, associated);
        }
        catch (AuthenticationTagMismatchException)
        {
            return false; // somebody else's
        }

        return alert[0] == Fatal || alert[1] == CloseNotify;
    }

    private static void WriteHeader(Span<byte> record, ulong number, ushort length)
    {
        record[0] = Alert;
        (record[1], record[2]) = (0xFE, 0xFD);
        BinaryPrimitives.WriteUInt64BigEndian(record[3..], number);
        BinaryPrimitives.WriteUInt16BigEndian(record[11..], length);
    }

    // epoch and sequence | type | version | length of the plain text (RFC 5246 §6.2.3.3)
    private static void WriteAssociated(Span<byte> associated, ulong number)
    {
        BinaryPrimitives.WriteUInt64BigEndian(associated, number);
        associated[8] = Alert;
        (associated[9], associated[10]) = (0xFE, 0xFD);
        BinaryPrimitives.WriteUInt16BigEndian(associated[11..], AlertLength);
    }

    /// <summary>P_hash of RFC 5246 §5.</summary>
    internal static byte[] Expand(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> seed, HashAlgorithmName hash, int length)
    {
        using var hmac = IncrementalHash.CreateHMAC(hash, secret);
        var expanded = new byte[length];
        hmac.AppendData(seed);
        byte[] a = hmac.GetHashAndReset();
        for (var at = 0; at < length; at += a.Length)
        {
            hmac.AppendData(a);
            hmac.AppendData(seed);
            byte[] part = hmac.GetHashAndReset();
            part.AsSpan(0, Math.Min(part.Length, length - at)).CopyTo(expanded.AsSpan(at));
            hmac.AppendData(a);
            a = hmac.GetHashAndReset();
        }

        return expanded;
    }
}
