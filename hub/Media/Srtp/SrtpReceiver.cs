using System.Buffers.Binary;

namespace ThreeClassrooms.Media.Srtp;

/// <summary>
/// Authenticates and decrypts everything one peer sends: rollover and replay window of each source. Sources are remembered only after
/// an authentic packet. One owner; no allocation after a source's first packet.
/// </summary>
internal sealed class SrtpReceiver(in SrtpKeys keys) : IDisposable
{
    /// <summary>Sources one peer may send, counted apart for RTP and RTCP.</summary>
    public const int MaxSources = 64;
    private readonly SrtpCipher _cipher = SrtpCipher.Create(keys, encrypt: false);
    private SourceTable _rtp = new();
    private SourceTable _rtcp = new();

    /// <summary>Decrypts in place; the plain packet is <paramref name="wire"/>[..length].</summary>
    public SrtpError UnprotectRtp(Span<byte> wire, out int length)
    {
        length = 0;
        if (!SrtpHeader.TryRead(wire, out var header) || wire.Length < header.Length + _cipher.RtpOverhead)
        {
            return SrtpError.Malformed;
        }

        var slot = _rtp.Find(header.Ssrc);
        ulong index = header.Sequence;
        if (slot >= 0)
        {
            ref var window = ref _rtp.Window(slot);
            if (!PacketIndex.TryEstimate(window.Highest, header.Sequence, out index) || !window.IsFresh(index))
            {
                return SrtpError.Replayed;
            }
        }

        if (!_cipher.UnprotectRtp(wire, header.Length, header.Ssrc, index))
        {
            return SrtpError.NotAuthentic;
        }

        if (!_rtp.Accept(slot, header.Ssrc, index))
        {
            return SrtpError.TooManySources;
        }

        length = wire.Length - _cipher.RtpOverhead;
        return SrtpError.None;
    }

    /// <summary>Decrypts in place; the plain packet is <paramref name="wire"/>[..length].</summary>
    public SrtpError UnprotectRtcp(Span<byte> wire, out int length)
    {
        length = 0;
        if (wire.Length < 8 + _cipher.RtcpOverhead || wire[0] >> 6 != 2)
        {
            return SrtpError.Malformed;
        }

        var ssrc = BinaryPrimitives.ReadUInt32BigEndian(wire[4..]);
        var index = _cipher.ReadRtcpIndex(wire, out var encrypted);
        var slot = _rtcp.Find(ssrc);
        if (slot >= 0 && !_rtcp.Window(slot).IsFresh(index))
        {
            return SrtpError.Replayed;
        }

        if (!_cipher.UnprotectRtcp(wire, ssrc, index, encrypted))
        {
            return SrtpError.NotAuthentic;
        }

        if (!_rtcp.Accept(slot, ssrc, index))
        {
            return SrtpError.TooManySources;
        }

        length = wire.Length - _cipher.RtcpOverhead;
        return SrtpError.None;
    }

    public void Dispose() => _cipher.Dispose();

    private struct SourceTable()
    {
        private (uint Ssrc, ReplayWindow Window)[] _sources = new (uint, ReplayWindow)[4];
        private int _count;
        private int _last;

        public readonly ref ReplayWindow Window(int slot) => ref _sources[slot].Window;

        public int Find(uint ssrc)
        {
            if (_last < _count && _sources[_last].Ssrc == ssrc)
            {
                return _last;
            }

            for (var i = 0; i < _count; i++)
            {
                if (_sources[i].Ssrc == ssrc)
                {
                    return _last = i;
                }
            }

            return -1;
        }

        public bool Accept(int slot, uint ssrc, ulong index)
        {
            if (slot < 0)
            {
                if (_count == MaxSources)
                {
                    return false;
                }

                if (_count == _sources.Length)
                {
                    Array.Resize(ref _sources, _count * 2);
                }

                slot = _count++;
                _sources[slot].Ssrc = ssrc;
            }

            _sources[slot].Window.Accept(index);
            return true;
        }
    }
}
