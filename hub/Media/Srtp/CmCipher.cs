using System.Buffers.Binary;
using System.Security.Cryptography;

namespace ThreeClassrooms.Media.Srtp;

/// <summary>AES128_CM_HMAC_SHA1_80 for SRTP and SRTCP (RFC 3711 §4.1.1, §4.2.1).</summary>
internal sealed unsafe class CmCipher : SrtpCipher
{
    private const int TagLength = 10;
    private readonly CtrKey _rtp;
    private readonly CtrKey _rtcp;
    private readonly HmacSha1 _rtpMac;
    private readonly HmacSha1 _rtcpMac;
    private readonly byte[] _rtpSalt = new byte[14];
    private readonly byte[] _rtcpSalt = new byte[14];

    public CmCipher(in SrtpKeys keys)
    {
        Span<byte> key = stackalloc byte[SrtpKeys.KeyLength];
        Span<byte> macKey = stackalloc byte[20];
        SrtpKeyDerivation.Derive(keys, SrtpKeyDerivation.RtpEncryption, key);
        _rtp = CtrKey.Create(key);
        SrtpKeyDerivation.Derive(keys, SrtpKeyDerivation.RtpAuthentication, macKey);
        _rtpMac = new HmacSha1(macKey);
        SrtpKeyDerivation.Derive(keys, SrtpKeyDerivation.RtpSalt, _rtpSalt);
        SrtpKeyDerivation.Derive(keys, SrtpKeyDerivation.RtcpEncryption, key);
        _rtcp = CtrKey.Create(key);
        SrtpKeyDerivation.Derive(keys, SrtpKeyDerivation.RtcpAuthentication, macKey);
        _rtcpMac = new HmacSha1(macKey);
        SrtpKeyDerivation.Derive(keys, SrtpKeyDerivation.RtcpSalt, _rtcpSalt);
        key.Clear();
        macKey.Clear();
    }

    public override int RtpOverhead => TagLength;

    public override int RtcpOverhead => TagLength + 4;

    public override int ProtectRtp(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload, Span<byte> output, uint ssrc, ulong index)
    {
        header.CopyTo(output);
        var iv = stackalloc byte[16];
        WriteIv(iv, _rtpSalt, ssrc, index);
        fixed (byte* p = payload, o = output)
        {
            _rtp.Xor(iv, p, o + header.Length, payload.Length);
        }

        var length = header.Length + payload.Length;
        Span<byte> digest = stackalloc byte[HmacSha1.DigestLength];
        RtpTag(output[..length], index, digest);
        digest[..TagLength].CopyTo(output[length..]);
        return length + TagLength;
    }

    public override bool UnprotectRtp(Span<byte> wire, int headerLength, uint ssrc, ulong index)
    {
        var end = wire.Length - TagLength;
        Span<byte> digest = stackalloc byte[HmacSha1.DigestLength];
        RtpTag(wire[..end], index, digest);
        if (!CryptographicOperations.FixedTimeEquals(digest[..TagLength], wire[end..]))
        {
            return false;
        }

        var iv = stackalloc byte[16];
        WriteIv(iv, _rtpSalt, ssrc, index);
        fixed (byte* w = wire)
        {
            _rtp.Xor(iv, w + headerLength, w + headerLength, end - headerLength);
        }

        return true;
    }

    public override int ProtectRtcp(ReadOnlySpan<byte> plain, Span<byte> output, uint ssrc, uint index)
    {
        plain[..8].CopyTo(output);
        var iv = stackalloc byte[16];
        WriteIv(iv, _rtcpSalt, ssrc, index);
        fixed (byte* p = plain, o = output)
        {
            _rtcp.Xor(iv, p + 8, o + 8, plain.Length - 8);
        }

        BinaryPrimitives.WriteUInt32BigEndian(output[plain.Length..], index | 0x8000_0000);
        Span<byte> digest = stackalloc byte[HmacSha1.DigestLength];
        _rtcpMac.Compute(output[..(plain.Length + 4)], [], digest);
        digest[..TagLength].CopyTo(output[(plain.Length + 4)..]);
        return plain.Length + RtcpOverhead;
    }

    public override uint ReadRtcpIndex(ReadOnlySpan<byte> wire, out bool encrypted)
    {
        var word = BinaryPrimitives.ReadUInt32BigEndian(wire[^(TagLength + 4)..]);
        encrypted = word >> 31 != 0;
        return word & 0x7FFF_FFFF;
    }

    public override bool UnprotectRtcp(Span<byte> wire, uint ssrc, uint index, bool encrypted)
    {
        Span<byte> digest = stackalloc byte[HmacSha1.DigestLength];
        _rtcpMac.Compute(wire[..^TagLength], [], digest);
        if (!CryptographicOperations.FixedTimeEquals(digest[..TagLength], wire[^TagLength..]))
        {
            return false;
        }

        if (encrypted)
        {
            var iv = stackalloc byte[16];
            WriteIv(iv, _rtcpSalt, ssrc, index);
            fixed (byte* w = wire)
            {
                _rtcp.Xor(iv, w + 8, w + 8, wire.Length - RtcpOverhead - 8);
            }
        }

        return true;
    }

    public override void Dispose()
    {
        _rtp.Dispose();
        _rtcp.Dispose();
    }

    // (salt * 2^16) xor (SSRC * 2^64) xor (index * 2^16)
    private static void WriteIv(byte* iv, byte[] salt, uint ssrc, ulong index)
    {
        var span = new Span<byte>(iv, 16);
        salt.CopyTo(span);
        span[14..].Clear();
        BinaryPrimitives.WriteUInt32BigEndian(span[4..], BinaryPrimitives.ReadUInt32BigEndian(span[4..]) ^ ssrc);
        BinaryPrimitives.WriteUInt64BigEndian(span[8..], BinaryPrimitives.ReadUInt64BigEndian(span[8..]) ^ unchecked(index << 16));
    }

    // The tag covers the packet and the rollover counter behind it (RFC 3711 §4.2).
    private void RtpTag(ReadOnlySpan<byte> packet, ulong index, Span<byte> digest)
    {
        Span<byte> rollover = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(rollover, unchecked((uint)(index >> 16)));
        _rtpMac.Compute(packet, rollover, digest);
    }
}
