using System.Buffers.Binary;

namespace ThreeClassrooms.Media.Srtp;

/// <summary>
/// Authenticates and decrypts everything one peer sends: rollover and replay window of each source. Sources are remembered only after
/// an authentic packet. One owner; no allocation after a source's first packet.
/// </summary>
internal sealed class SrtpReceiver(in SrtpKeys keys) : IDisposable
{
    /// <summary>Sources one peer may send in its life, counted apart for RTP and RTCP. None is ever forgotten: its packets could be played again.</summary>
    public const int MaxSources = 1024;

    // Of a source that is heard but not understood, every so manieth packet is tried under the next rollover.
    private const int TryAfter = 64;
    private const int TryEvery = 16;
    private const int LargestPacket = 2048;
    private readonly SrtpCipher _cipher = SrtpCipher.Create(keys, encrypt: false);
    private SourceTable _rtp = new();
    private SourceTable _rtcp = new();
    private byte[]? _copy;

    /// <summary>Packets that were understood only under the rollover after the one that was expected.</summary>
    public long Recovered { get; private set; }

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
        var stale = false;
        if (slot >= 0)
        {
            ref var window = ref _rtp.Window(slot);
            stale = !PacketIndex.TryEstimate(window.Highest, header.Sequence, out index) || !window.IsFresh(index);
        }

        if (!Open(wire, header, slot, stale, ref index))
        {
            return stale ? SrtpError.Replayed : SrtpError.NotAuthentic;
        }

        if (!_rtp.Accept(slot, header.Ssrc, index))
        {
            return SrtpError.TooManySources;
        }

        length = wire.Length - _cipher.RtpOverhead;
        return SrtpError.None;
    }

    /// <summary>
    /// Decrypts under the expected index, else under the same number of the next rollover, where that is likely: the first packets of a source were lost just where
    /// its numbers wrapped, or more than half a round of numbers was lost in an outage (RFC 3711 §3.3.1 leaves the receiver to guess).
    /// </summary>
    /// <param name="stale">The expected index has been seen, or is too old.</param>
    private bool Open(Span<byte> wire, in SrtpHeader header, int slot, bool stale, ref ulong index)
    {
        var guess = (slot < 0 ? header.Sequence < 0x8000 : _rtp.FailuresOf(slot) is >= TryAfter and var failures && failures % TryEvery == 0)
            && wire.Length <= LargestPacket;
        if (guess && !stale)
        {
            _copy ??= new byte[LargestPacket];
            wire.CopyTo(_copy); // a failed attempt leaves the packet in pieces
        }

        if (!stale && _cipher.UnprotectRtp(wire, header.Length, header.Ssrc, index))
        {
            return true;
        }

        if (slot >= 0)
        {
            _rtp.NoteFailure(slot);
        }

        if (!guess)
        {
            return false;
        }

        index = unchecked(index + 0x1_0000); // an estimate below zero has wrapped
        if (!stale)
        {
            _copy.AsSpan(0, wire.Length).CopyTo(wire);
        }

        var opened = index >> 48 == 0 && _cipher.UnprotectRtp(wire, header.Length, header.Ssrc, index);
        Recovered += opened ? 1 : 0;
        return opened;
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
        private (uint Ssrc, int Failures, ReplayWindow Window)[] _sources = new (uint, int, ReplayWindow)[4];
        private int _count;
        private int _last;

        public readonly ref ReplayWindow Window(int slot) => ref _sources[slot].Window;

        /// <summary>Packets in a row that were not authentic.</summary>
        public readonly int FailuresOf(int slot) => _sources[slot].Failures;

        public readonly void NoteFailure(int slot) => _sources[slot].Failures = Math.Min(_sources[slot].Failures + 1, 1 << 20);

        public int Find(uint ssrc)
        {
            if (_last < _count && _sources[_last].Ssrc == ssrc)
            {
                return _last;
            }

            for (var i = _count - 1; i >= 0; i--) // the newest are the ones that speak
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

            _sources[slot].Failures = 0;
            _sources[slot].Window.Accept(index);
            return true;
        }
    }
}
