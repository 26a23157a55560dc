using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace ThreeClassrooms.Media.Srtp;

/// <summary>Protects everything one peer is sent: keeps the rollover of each source. One owner; no allocation after a source's first packet.</summary>
internal sealed class SrtpSender(in SrtpKeys keys) : IDisposable
{
    /// <summary>Sources one peer may be sent; further ones are refused.</summary>
    public const int MaxSources = 64;
    private readonly SrtpCipher _cipher = SrtpCipher.Create(keys, encrypt: true);
    private Source[] _sources = new Source[4];
    private int _count;
    private int _last;
    private uint _rtcpIndex;

    /// <summary>
    /// Writes the protected packet. A sequence number that is sent again keeps its index: under GCM it must then be the same bytes,
    /// header included, or the key stream's authentication is weakened.
    /// </summary>
    /// <returns>The length, or 0 when the packet is not RTP, the output is too short or there are too many sources.</returns>
    public int ProtectRtp(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload, Span<byte> output)
    {
        if (header.Length < SrtpHeader.MinimumLength || output.Length < header.Length + payload.Length + _cipher.RtpOverhead)
        {
            return 0;
        }

        var ssrc = BinaryPrimitives.ReadUInt32BigEndian(header[8..]);
        var sequence = BinaryPrimitives.ReadUInt16BigEndian(header[2..]);
        ref var source = ref Find(ssrc);
        if (Unsafe.IsNullRef(ref source))
        {
            return 0;
        }

        if (!source.Started)
        {
            (source.Started, source.Highest) = (true, sequence);
        }

        if (!PacketIndex.TryEstimate(source.Highest, sequence, out var index))
        {
            return 0;
        }

        source.Highest = Math.Max(source.Highest, index);
        return _cipher.ProtectRtp(header, payload, output, ssrc, index);
    }

    /// <param name="plain">A compound (or reduced-size) packet, 8 bytes or more.</param>
    /// <returns>The length, or 0 when the input or the output is too short.</returns>
    public int ProtectRtcp(ReadOnlySpan<byte> plain, Span<byte> output)
    {
        if (plain.Length < 8 || output.Length < plain.Length + _cipher.RtcpOverhead)
        {
            return 0;
        }

        // One index for all sources: it never repeats under the key, which is what RFC 3711 §3.4 asks for.
        _rtcpIndex = (_rtcpIndex + 1) & 0x7FFF_FFFF;
        return _cipher.ProtectRtcp(plain, output, BinaryPrimitives.ReadUInt32BigEndian(plain[4..]), _rtcpIndex);
    }

    public void Dispose() => _cipher.Dispose();

    private ref Source Find(uint ssrc)
    {
        var sources = _sources;
        if (_last < _count && sources[_last].Ssrc == ssrc)
        {
            return ref sources[_last];
        }

        for (var i = 0; i < _count; i++)
        {
            if (sources[i].Ssrc == ssrc)
            {
                _last = i;
                return ref sources[i];
            }
        }

        if (_count == MaxSources)
        {
            return ref Unsafe.NullRef<Source>();
        }

        if (_count == sources.Length)
        {
            Array.Resize(ref _sources, sources.Length * 2);
        }

        _last = _count++;
        _sources[_last] = new Source { Ssrc = ssrc };
        return ref _sources[_last];
    }

    private struct Source
    {
        public uint Ssrc;
        public bool Started;
        public ulong Highest;
    }
}
