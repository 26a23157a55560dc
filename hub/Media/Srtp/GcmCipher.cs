using System.Buffers.Binary;

namespace ThreeClassrooms.Media.Srtp;

/// <summary>AEAD_AES_128_GCM for SRTP and SRTCP (RFC 7714 §8, §9).</summary>
internal sealed unsafe class GcmCipher : SrtpCipher
{
    private const int TagLength = 16;
    private readonly GcmKey _rtp;
    private readonly GcmKey _rtcp;
    private readonly ulong _rtpSaltHigh;
    private readonly uint _rtpSaltLow;
    private readonly ulong _rtcpSaltHigh;
    private readonly uint _rtcpSaltLow;

    public GcmCipher(in SrtpKeys keys, bool encrypt)
    {
        Span<byte> key = stackalloc byte[SrtpKeys.KeyLength];
        Span<byte> salt = stackalloc byte[12];
        SrtpKeyDerivation.Derive(keys, SrtpKeyDerivation.RtpEncryption, key);
        _rtp = GcmKey.Create(key, encrypt);
        SrtpKeyDerivation.Derive(keys, SrtpKeyDerivation.RtpSalt, salt);
        (_rtpSaltHigh, _rtpSaltLow) = Split(salt);
        SrtpKeyDerivation.Derive(keys, SrtpKeyDerivation.RtcpEncryption, key);
        _rtcp = GcmKey.Create(key, encrypt);
        SrtpKeyDerivation.Derive(keys, SrtpKeyDerivation.RtcpSalt, salt);
        (_rtcpSaltHigh, _rtcpSaltLow) = Split(salt);
        key.Clear();
        salt.Clear();
    }

    /// <summary>With session keys given, as the vectors of RFC 7714 §16, §17 do.</summary>
    internal GcmCipher(ReadOnlySpan<byte> key, ReadOnlySpan<byte> salt, bool encrypt)
    {
        _rtp = GcmKey.Create(key, encrypt);
        _rtcp = GcmKey.Create(key, encrypt);
        (_rtpSaltHigh, _rtpSaltLow) = Split(salt);
        (_rtcpSaltHigh, _rtcpSaltLow) = (_rtpSaltHigh, _rtpSaltLow);
    }

    public override int RtpOverhead => TagLength;

    public override int RtcpOverhead => TagLength + 4;

    public override int ProtectRtp(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload, Span<byte> output, uint ssrc, ulong index)
    {
        header.CopyTo(output);
        var iv = stackalloc byte[12];
        WriteRtpIv(iv, ssrc, index);
        fixed (byte* p = payload, o = output)
        {
            var body = o + header.Length;
            _rtp.Seal(iv, header, p, body, payload.Length, body + payload.Length);
        }

        return header.Length + payload.Length + TagLength;
    }

    public override bool UnprotectRtp(Span<byte> wire, int headerLength, uint ssrc, ulong index)
    {
        var iv = stackalloc byte[12];
        WriteRtpIv(iv, ssrc, index);
        var length = wire.Length - headerLength - TagLength;
        fixed (byte* w = wire)
        {
            var body = w + headerLength;
            return _rtp.Open(iv, wire[..headerLength], body, body, length, body + length);
        }
    }

    public override int ProtectRtcp(ReadOnlySpan<byte> plain, Span<byte> output, uint ssrc, uint index)
    {
        Span<byte> aad = stackalloc byte[12];
        plain[..8].CopyTo(output);
        plain[..8].CopyTo(aad);
        BinaryPrimitives.WriteUInt32BigEndian(aad[8..], index | 0x8000_0000);
        aad[8..].CopyTo(output[(plain.Length + TagLength)..]);
        var iv = stackalloc byte[12];
        WriteRtcpIv(iv, ssrc, index);
        fixed (byte* p = plain, o = output)
        {
            _rtcp.Seal(iv, aad, p + 8, o + 8, plain.Length - 8, o + plain.Length);
        }

        return plain.Length + RtcpOverhead;
    }

    public override uint ReadRtcpIndex(ReadOnlySpan<byte> wire, out bool encrypted)
    {
        var word = BinaryPrimitives.ReadUInt32BigEndian(wire[^4..]);
        encrypted = word >> 31 != 0;
        return word & 0x7FFF_FFFF;
    }

    public override bool UnprotectRtcp(Span<byte> wire, uint ssrc, uint index, bool encrypted)
    {
        var iv = stackalloc byte[12];
        WriteRtcpIv(iv, ssrc, index);
        var end = wire.Length - RtcpOverhead;
        fixed (byte* w = wire)
        {
            if (encrypted)
            {
                Span<byte> aad = stackalloc byte[12];
                wire[..8].CopyTo(aad);
                wire[^4..].CopyTo(aad[8..]);
                return _rtcp.Open(iv, aad, w + 8, w + 8, end - 8, w + end);
            }

            // Authenticated only: everything but the tag is associated data (RFC 7714 §9.3); bounded by one datagram.
            Span<byte> all = stackalloc byte[2048];
            if (end + 4 > all.Length)
            {
                return false;
            }

            wire[..end].CopyTo(all);
            wire[^4..].CopyTo(all[end..]);
            return _rtcp.Open(iv, all[..(end + 4)], null, null, 0, w + end);
        }
    }

    public override void Dispose()
    {
        _rtp.Dispose();
        _rtcp.Dispose();
    }

    private static (ulong High, uint Low) Split(ReadOnlySpan<byte> salt) =>
        (BinaryPrimitives.ReadUInt64BigEndian(salt), BinaryPrimitives.ReadUInt32BigEndian(salt[8..]));

    // 00 00 | SSRC (4) | ROC (4) | SEQ (2), xor salt
    private void WriteRtpIv(byte* iv, uint ssrc, ulong index)
    {
        var span = new Span<byte>(iv, 12);
        BinaryPrimitives.WriteUInt64BigEndian(span, _rtpSaltHigh ^ ((ulong)ssrc << 16) ^ (index >> 32));
        BinaryPrimitives.WriteUInt32BigEndian(span[8..], _rtpSaltLow ^ unchecked((uint)index));
    }

    // 00 00 | SSRC (4) | 00 00 | 0 + index (4), xor salt
    private void WriteRtcpIv(byte* iv, uint ssrc, uint index)
    {
        var span = new Span<byte>(iv, 12);
        BinaryPrimitives.WriteUInt64BigEndian(span, _rtcpSaltHigh ^ ((ulong)ssrc << 16));
        BinaryPrimitives.WriteUInt32BigEndian(span[8..], _rtcpSaltLow ^ index);
    }
}
