using System.Buffers.Binary;
using ThreeClassrooms.Media.Rtp;
using ThreeClassrooms.Media.Time;

namespace ThreeClassrooms.Media.Forwarding;

/// <summary>
/// One subscriber of one stream: turns the publisher's packets into the subscriber's own streams (numbers, timestamps, sources,
/// payload types, extensions), repeats what is asked for, and starts from the last key frame. Survives any change of publisher as
/// long as the codecs stay. Belongs to the loop of its lesson; nothing is allocated for a packet.
/// </summary>
public sealed partial class Subscription
{
    /// <summary>Room for the header that <see cref="TryTakeRtp"/> writes.</summary>
    public const int MaxHeader = 64;

    /// <summary>Room for a payload that had to be changed.</summary>
    public const int MaxPayload = 1502;

    private const int MaxRepeats = 256;

    private static readonly StoredPacket PrefacePacket = new() { AudioLevel = StoredPacket.NoLevel };

    // Some 10 Mbit/s beside the live stream after a burst of the size of a key frame: a county school's line takes this.
    private static readonly TimeSpan CatchUpStep = TimeSpan.FromMilliseconds(1);

    private readonly SubscriptionFormat _format;
    private readonly OutgoingTrack? _audio;
    private readonly OutgoingTrack? _video;
    private (OutgoingTrack Track, ushort Number)[] _repeats = []; // taken with the first request
    private SendPace _catchUpPace = new(40, CatchUpStep);
    private SendPace _repeatPace = new(100, CatchUpStep);
    private int _repeatHead;
    private int _repeatCount;
    private ushort _transportSequence;

    /// <param name="seed">Picks the first sequence numbers.</param>
    public Subscription(SubscriptionFormat format, ulong seed)
    {
        _format = format;
        _audio = format.Audio is { } audio ? new OutgoingTrack(audio, isVideo: false, (uint)(seed & 0xFFFF_FFFF)) : null;
        _video = format.Video is { } video ? new OutgoingTrack(video, isVideo: true, (uint)(seed >> 32)) : null;
    }

    /// <summary>The stream that is watched; null while it has no publisher.</summary>
    public PublishedStream? Stream { get; private set; }

    public long VideoPackets => _video?.PacketsSent ?? 0;

    public long AudioPackets => _audio?.PacketsSent ?? 0;

    public long VideoBytes => _video?.BytesSent ?? 0;

    public long AudioBytes => _audio?.BytesSent ?? 0;

    /// <summary>Pictures begun.</summary>
    public long Pictures => _video?.Moments ?? 0;

    /// <summary>Pieces of sound.</summary>
    public long Sounds => _audio?.Moments ?? 0;

    /// <summary>Packets sent again on request.</summary>
    public long Repeated { get; private set; }

    /// <summary>Watches this publisher's stream from its last key frame; null: it has ended, numbers are kept for the next one.</summary>
    public void Attach(PublishedStream? stream)
    {
        Stream = stream;
        _audio?.Attach(stream?.Audio, fromKeyFrame: false);
        _wanted = stream is null ? null : BestLayer(stream);
        _video?.Attach(_wanted, fromKeyFrame: true);
    }

    /// <summary>Applies floor and mute: what is not passed is not sent, from the very next packet on.</summary>
    public void SetPassage(Passage passage)
    {
        _audio?.SetOpen(passage.Audio);
        _passesVideo = passage.Video;
        OpenVideo();
    }

    /// <summary>
    /// The next RTP packet to send, call until false after packets arrived, after RTCP, and at <see cref="NextDeadline"/>.
    /// </summary>
    /// <param name="header"><see cref="MaxHeader"/> bytes, written.</param>
    /// <param name="scratch"><see cref="MaxPayload"/> bytes for payloads that had to be changed.</param>
    /// <param name="payload">Points into the history or the scratch; valid until the next call on this lesson.</param>
    public bool TryTakeRtp(MonoTime now, Span<byte> header, Span<byte> scratch, out int headerLength, out ReadOnlySpan<byte> payload)
    {
        if (_audio is { HasPending: true } audio && TryTakeNext(audio, now, header, scratch, out headerLength, out payload))
        {
            return true;
        }

        if (_repeatCount > 0 && TryTakeRepeat(now, header, scratch, out headerLength, out payload))
        {
            return true;
        }

        if (_video is { HasPending: true } video && (!video.CatchingUp || _catchUpPace.TryTake(now)))
        {
            return TryTakeNext(video, now, header, scratch, out headerLength, out payload);
        }

        headerLength = 0;
        payload = default;
        return false;
    }

    private bool TryTakeNext(
        OutgoingTrack track, MonoTime now, Span<byte> header, Span<byte> scratch, out int headerLength, out ReadOnlySpan<byte> payload)
    {
        headerLength = 0;
        payload = default;
        if (!track.TryTakeNext(out long arrival, out long number, out uint timestamp))
        {
            if (!track.TryTakePreface(out byte[] unit, out number, out timestamp))
            {
                return false;
            }

            payload = unit;
            headerLength = WriteHeader(
                track, PrefacePacket, track.Format.PayloadType, unchecked((ushort)number), timestamp, track.Format.Ssrc, unit.Length, now, header);
            return true;
        }

        PacketHistory history = track.Source!.History;
        ref readonly StoredPacket packet = ref history.PacketAt(arrival);
        payload = history.PayloadAt(arrival);
        ushort sequence = unchecked((ushort)number);
        headerLength = WriteHeader(track, packet, track.Format.PayloadType, sequence, timestamp, track.Format.Ssrc, payload.Length, now, header);
        if (track.Format.IsVp8)
        {
            payload = Renumber(payload, track.Current, scratch);
            track.NoteVp8(payload);
        }

        return true;
    }

    private bool TryTakeRepeat(MonoTime now, Span<byte> header, Span<byte> scratch, out int headerLength, out ReadOnlySpan<byte> payload)
    {
        while (_repeatCount > 0 && now >= _repeatPace.Next)
        {
            (OutgoingTrack track, ushort wanted) = _repeats[_repeatHead];
            _repeatHead = (_repeatHead + 1) % MaxRepeats;
            _repeatCount--;
            if (track.TryRepeatPreface(wanted, RepeatInterval, now, out byte[] unit, out uint at))
            {
                payload = unit;
                headerLength = WriteRepeat(track, PrefacePacket, wanted, at, ref payload, scratch, now, header);
                return true;
            }

            if (!track.TryRepeat(wanted, RepeatInterval, now, out StoredPacket packet, out payload, out MapSegment segment, out _))
            {
                continue;
            }

            payload = track.Format.IsVp8 ? Renumber(payload, segment, scratch[RtxPayload.OverheadLength..]) : payload;
            uint timestamp = unchecked(packet.Timestamp + segment.TimestampOffset);
            headerLength = WriteRepeat(track, packet, wanted, timestamp, ref payload, scratch, now, header);
            return true;
        }

        headerLength = 0;
        payload = default;
        return false;
    }

    private int WriteRepeat(
        OutgoingTrack track, in StoredPacket packet, ushort number, uint timestamp, ref ReadOnlySpan<byte> payload, Span<byte> scratch, MonoTime now, Span<byte> header)
    {
        _repeatPace.TryTake(now);
        Repeated++;
        OutgoingFormat format = track.Format;
        if (!format.HasRtx)
        {
            return WriteHeader(track, packet, format.PayloadType, number, timestamp, format.Ssrc, payload.Length, now, header);
        }

        // RFC 4588 §4: the original number goes before the payload.
        BinaryPrimitives.WriteUInt16BigEndian(scratch, number);
        payload.CopyTo(scratch[RtxPayload.OverheadLength..]);
        payload = scratch[..(payload.Length + RtxPayload.OverheadLength)];
        return WriteHeader(track, packet, format.RtxPayloadType, track.NextRtxSequence(), timestamp, format.RtxSsrc, payload.Length, now, header);
    }

    private static ReadOnlySpan<byte> Renumber(ReadOnlySpan<byte> payload, scoped in MapSegment segment, Span<byte> scratch)
    {
        if (segment.PictureIdOffset == 0 && segment.Tl0Offset == 0)
        {
            return payload;
        }

        payload.CopyTo(scratch);
        Span<byte> changed = scratch[..payload.Length];
        Vp8Numbers.Patch(changed, segment.PictureIdOffset, segment.Tl0Offset);
        return changed;
    }

    private int WriteHeader(
        OutgoingTrack track, in StoredPacket packet, byte payloadType, ushort sequence, uint timestamp, uint ssrc, int payloadLength,
        MonoTime now, Span<byte> header)
    {
        RtpExtensionIds ids = track.IsVideo ? _format.VideoExtensions : _format.AudioExtensions;
        RtpHeader.Write(header, payloadType, packet.Marker, new SeqNo(sequence), new RtpTime(timestamp), new Ssrc(ssrc));
        var writer = new RtpExtensionWriter(header[RtpHeader.FixedLength..], ids.NeedsTwoByteForm);
        if (track.Format.MayCarrySendValues)
        {
            Span<byte> value = stackalloc byte[4];
            if (ids.TransportCc != 0)
            {
                _sent.OnSent(_transportSequence, payloadLength, now);
                BinaryPrimitives.WriteUInt16BigEndian(value, _transportSequence);
                writer.Add(ids.TransportCc, value[..2]);
                _transportSequence = unchecked((ushort)(_transportSequence + 1));
            }

            if (ids.AbsSendTime != 0)
            {
                AbsSendTime.From(now).Write(value);
                writer.Add(ids.AbsSendTime, value[..AbsSendTime.Length]);
            }
        }

        if (ids.AudioLevel != 0 && packet.AudioLevel != StoredPacket.NoLevel && !track.IsVideo)
        {
            writer.Add(ids.AudioLevel, [packet.AudioLevel]);
        }

        int extension = writer.Finish();
        RtpPatch.HasExtension(header, extension > 0);
        return RtpHeader.FixedLength + extension;
    }
}
