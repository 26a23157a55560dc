using ThreeClassrooms.Media.Rtp;
using ThreeClassrooms.Media.Sdp;

namespace ThreeClassrooms.Agent.Joining;

/// <summary>Numbers, header and history of one track that is sent. Pure; one owner.</summary>
/// <param name="random">Where numbering and time stamps begin (RFC 3550 §5.1).</param>
internal sealed class OutgoingTrack(TrackDescription agreed, Ssrc source, uint random)
{
    /// <summary>Bytes of a header with the mid extension at most.</summary>
    public const int MaxHeader = 40;

    /// <summary>Packets kept for retransmission: about 2 s at 2 Mbit/s.</summary>
    private const int Kept = 512;

    private readonly byte[] _mid = System.Text.Encoding.ASCII.GetBytes(agreed.Mid ?? "");
    private readonly StoredPacket?[] _history = new StoredPacket?[Kept];
    private SeqNo _next = new((ushort)(random & 0x7FFF));

    public Ssrc Source => source;

    public int ClockRate => agreed.Codec.ClockRate;

    public uint Packets { get; private set; }

    public uint Bytes { get; private set; }

    /// <param name="at">On the capture timeline.</param>
    public RtpTime Stamp(TimeSpan at) => new(unchecked(random + (uint)(at.Ticks / 1000 * ClockRate / 10_000)));

    /// <summary>Writes the next packet's header and remembers the packet.</summary>
    /// <param name="payload">Copied.</param>
    public int WriteNext(Span<byte> header, TimeSpan at, bool marker, ReadOnlySpan<byte> payload)
    {
        RtpTime stamp = Stamp(at);
        int length = WriteHeader(header, agreed.Codec.PayloadType, source, _next, stamp, marker);
        if (agreed.Kind == MediaKind.Video)
        {
            _history[_next.Value % Kept] = new StoredPacket(_next, stamp, marker, payload.ToArray());
        }

        _next = _next.Next;
        Packets = unchecked(Packets + 1);
        Bytes = unchecked(Bytes + (uint)payload.Length);
        return length;
    }

    /// <summary>A sent packet by its number; null when it is too old.</summary>
    public StoredPacket? Find(SeqNo sequence) => _history[sequence.Value % Kept] is { } stored && stored.Sequence == sequence ? stored : null;

    public int WriteHeader(Span<byte> header, byte payloadType, Ssrc from, SeqNo sequence, RtpTime stamp, bool marker)
    {
        int length = RtpHeader.Write(header, payloadType, marker, sequence, stamp, from);
        if (agreed.Extensions.Mid == 0 || _mid.Length == 0)
        {
            return length;
        }

        var extension = new RtpExtensionWriter(header[length..], agreed.Extensions.NeedsTwoByteForm);
        extension.Add(agreed.Extensions.Mid, _mid);
        int extra = extension.Finish();
        if (extra > 0)
        {
            header[0] |= 0x10;
        }

        return length + extra;
    }

    public sealed record StoredPacket(SeqNo Sequence, RtpTime Stamp, bool Marker, byte[] Payload);
}
