using ThreeClassrooms.Media.Payload;
using ThreeClassrooms.Media.Time;

namespace ThreeClassrooms.Media.Forwarding;

/// <summary>How one track of a subscription is written on the wire.</summary>
/// <param name="Ssrc">The subscriber's stream.</param>
/// <param name="PayloadType">The subscriber's number for the codec.</param>
/// <param name="ClockRate">RTP clock, Hz.</param>
/// <param name="RtxSsrc">Retransmission stream (RFC 4588); 0: repeats go on the same SSRC.</param>
/// <param name="RtxPayloadType">Meaningful with <paramref name="RtxSsrc"/>.</param>
/// <param name="Nack">The subscriber may ask for repeats.</param>
/// <param name="IsVp8">Picture ids are to be kept without gaps.</param>
public readonly record struct OutgoingFormat(
    uint Ssrc, byte PayloadType, int ClockRate, uint RtxSsrc, byte RtxPayloadType, bool Nack, bool IsVp8)
{
    public bool HasRtx => RtxSsrc != 0;

    /// <summary>
    /// Values that change from one sending to the next may be written only where a packet is never sent twice under one number:
    /// with AEAD ciphers, two different packets under one number would give the key away.
    /// </summary>
    public bool MayCarrySendValues => HasRtx || !Nack;
}

/// <summary>
/// One outgoing RTP stream of a subscription: reads a track's history with a cursor and gives each packet its place on the
/// subscriber's own line of numbers. One owner.
/// </summary>
internal sealed class OutgoingTrack
{
    private SequenceMap _map = new();
    private readonly ResendLog _resends = new();
    private PublishedTrack? _source;
    private long _cursor;
    private bool _needsStart;
    private MonoTime _lastArrived;
    private uint _lastTimestamp; // outgoing
    private uint _lastSourceTimestamp;
    private PublishedTrack? _lastSource;
    private int _line; // of the source, see StoredPacket.Line
    private readonly Preface _preface = new();
    private Vp8Numbers _vp8;
    private ushort _rtxSequence;

    public OutgoingTrack(OutgoingFormat format, bool isVideo, uint seed)
    {
        (Format, IsVideo) = (format, isVideo);
        _map.StartAfter(65536 + (seed & 0x3FFF)); // the lower half: an early wrap would confuse receivers that lost the first packets
        _rtxSequence = (ushort)((seed >> 16) & 0x3FFF);
    }

    public OutgoingFormat Format { get; }

    public bool IsVideo { get; }

    /// <summary>Packets are let through. While shut, the cursor moves on and no number is used up.</summary>
    public bool Open { get; private set; } = true;

    public PublishedTrack? Source => _source;

    /// <summary>The history is being sent from its last key frame, ahead of live packets: the driver paces it.</summary>
    public bool CatchingUp { get; private set; }

    public bool AwaitsKeyFrame => IsVideo && _needsStart && Open && _source is not null;

    public long PacketsSent { get; private set; }

    public long BytesSent { get; private set; }

    /// <summary>Timestamps that were gone on to: pictures, or pieces of sound.</summary>
    public long Moments { get; private set; }

    /// <summary>Packets that had left the ring before they could be sent.</summary>
    public long Skipped { get; private set; }

    public bool Started => _map.Started;

    public long LastOut => _map.LastOut;

    /// <summary>Timestamp offset of the running stretch; meaningful when <see cref="Started"/>.</summary>
    public uint TimestampOffset => _map.Current.TimestampOffset;

    public PublishedTrack? MappedSource => _map.Started ? _map.Current.Source : null;

    /// <summary>Reads from another track (layer switch, new publisher) or from the same one anew; null: nothing to read for now.</summary>
    /// <param name="fromKeyFrame">Start at the last key frame in the history where there is one; else wait for the next.</param>
    public void Attach(PublishedTrack? source, bool fromKeyFrame)
    {
        _source = source;
        _needsStart = true;
        _preface.Reset();
        CatchingUp = false;
        if (source is null)
        {
            return;
        }

        _cursor = source.History.Arrivals;
        if (IsVideo && fromKeyFrame && source.History.KeyFrameArrival is { } start)
        {
            _cursor = start;
            CatchingUp = true;
        }
        else if (IsVideo)
        {
            source.AskKeyFrame();
        }
    }

    /// <summary>Shuts or opens the track. Opening a picture starts at a key frame, opening a sound at the present.</summary>
    public void SetOpen(bool open)
    {
        if (open == Open)
        {
            return;
        }

        Open = open;
        Attach(_source, fromKeyFrame: true);
    }

    public bool HasPending => Open && _source is { } source && _cursor < source.History.Arrivals;

    /// <summary>The next packet in order of arrival with its place on the subscriber's line; false: nothing to send now.</summary>
    /// <param name="arrival">Where the packet lies in the history of <see cref="Source"/>.</param>
    public bool TryTakeNext(out long arrival, out long number, out uint timestamp)
    {
        while (HasPending)
        {
            PublishedTrack source = _source!;
            PacketHistory history = source.History;
            if (_cursor < history.Oldest)
            {
                LoseCursor(source);
                continue;
            }

            ref readonly StoredPacket next = ref history.PacketAt(_cursor);
            if (next.Line != _line && !_needsStart)
            {
                _needsStart = true;
                _preface.Reset();
            }

            if (_needsStart && StartsWithPreface(source, next))
            {
                break; // it goes first; this packet is looked at again
            }

            arrival = _cursor++;
            CatchingUp &= _cursor < history.Arrivals;
            if (_needsStart && !TryBegin(source, next, history.PayloadAt(arrival)))
            {
                continue;
            }

            if (_map.TryMap(next.Sequence, out number))
            {
                timestamp = Sent(source, next, history.LengthAt(arrival));
                return true;
            }
        }

        (arrival, number, timestamp) = (0, 0, 0);
        return false;
    }

    /// <summary>
    /// Parameter sets that the subscriber gets before its first key frame: encoders may have sent theirs long ago. Take them when <see cref="TryTakeNext"/> says false, until false.
    /// </summary>
    /// <param name="unit">One NAL unit: a payload by itself (RFC 6184 §5.6).</param>
    public bool TryTakePreface(out byte[] unit, out long number, out uint timestamp)
    {
        (number, timestamp) = (0, 0);
        if (!Open || !_preface.TryTake(out unit, out timestamp))
        {
            unit = [];
            return false;
        }

        number = _map.Insert();
        _preface.OnSent(number, unit, timestamp);
        PacketsSent++;
        BytesSent += unit.Length;
        return true;
    }

    /// <summary>A packet of the preface that was sent under this number, to be sent again; false: none was, or only just now.</summary>
    public bool TryRepeatPreface(ushort wireNumber, TimeSpan roundTrip, MonoTime now, out byte[] unit, out uint timestamp) =>
        _preface.TryFind(wireNumber, out unit, out timestamp) && Open && _resends.TryNote(wireNumber, now, roundTrip);

    /// <summary>A packet that was sent under this number, to be sent again; false: unknown, gone, or repeated only just now.</summary>
    public bool TryRepeat(
        ushort wireNumber, TimeSpan roundTrip, MonoTime now, out StoredPacket packet, out ReadOnlySpan<byte> payload, out MapSegment segment,
        out long number)
    {
        packet = default;
        payload = default;
        segment = default;
        number = _map.LastOut + unchecked((short)(wireNumber - (ushort)(_map.LastOut & 0xFFFF)));
        return Open
            && _map.TryFind(number, out segment)
            && segment.Source.History.TryGetSequence(number - segment.FirstOut + segment.FirstSequence, out packet, out payload)
            && _resends.TryNote(wireNumber, now, roundTrip);
    }

    public ushort NextRtxSequence() => unchecked(_rtxSequence++);

    public ref readonly MapSegment Current => ref _map.Current;

    private bool TryBegin(PublishedTrack source, in StoredPacket packet, ReadOnlySpan<byte> payload)
    {
        if (IsVideo && !packet.KeyFrameStart)
        {
            return false;
        }

        _needsStart = false;
        uint offset = OffsetFor(source, packet);
        _line = packet.Line;
        (ushort pictureId, byte tl0) = Format.IsVp8 ? _vp8.OffsetsFor(payload) : default;
        _map.Begin(source, packet.Sequence, offset, pictureId, tl0);
        return true;
    }

    /// <summary>True when the subscriber is to get parameter sets before this packet, and has not got them all yet.</summary>
    private bool StartsWithPreface(PublishedTrack source, in StoredPacket packet)
    {
        if (!packet.KeyFrameStart || source.Sets is not { Units.Count: > 0 } sets)
        {
            return false;
        }

        if (!_preface.Begun)
        {
            bool hasOwn = KeyFrames.HasParameterSets(source.History.PayloadAt(_cursor));
            _preface.Begin(hasOwn ? [] : sets.Units, unchecked(packet.Timestamp + OffsetFor(source, packet)));
        }

        return _preface.Waiting;
    }

    private uint OffsetFor(PublishedTrack source, in StoredPacket packet) => _lastSource is null ? 0u : TimestampJump(source, packet);

    /// <summary>
    /// What to add to the new stretch's timestamps so that the subscriber's clock goes on at its pace: by the publisher's own
    /// reports when both stretches are on the same clock, else by the time between the arrivals.
    /// </summary>
    private uint TimestampJump(PublishedTrack source, in StoredPacket packet)
    {
        bool same = ReferenceEquals(source, _lastSource);
        if (same && packet.Line == _line)
        {
            return _map.Current.TimestampOffset;
        }

        long units = (long)((packet.Arrived.Nanoseconds - _lastArrived.Nanoseconds) * (Format.ClockRate / 1e9));
        bool clocks = !same && ReferenceEquals(source.Stream, _lastSource!.Stream) && _lastSource.Line == _line;
        if (clocks && source.Clock.Known && _lastSource!.Clock.Known)
        {
            ulong then = _lastSource.Clock.NtpOf(_lastSourceTimestamp, Format.ClockRate);
            ulong next = source.Clock.NtpOf(packet.Timestamp, Format.ClockRate);
            units = (long)(unchecked((long)(next - then)) * (Format.ClockRate / 4294967296.0));
        }

        uint wanted = unchecked(_lastTimestamp + (uint)Math.Max(1, units));
        return unchecked(wanted - packet.Timestamp);
    }

    private uint Sent(PublishedTrack source, in StoredPacket packet, int length)
    {
        uint timestamp = unchecked(packet.Timestamp + _map.Current.TimestampOffset);
        if (_lastSource is null || unchecked((int)(timestamp - _lastTimestamp)) >= 0)
        {
            Moments += _lastSource is null || timestamp != _lastTimestamp ? 1 : 0;
            (_lastTimestamp, _lastSourceTimestamp, _lastArrived) = (timestamp, packet.Timestamp, packet.Arrived);
        }

        _lastSource = source;
        PacketsSent++;
        BytesSent += length;
        return timestamp;
    }

    /// <summary>Remembers the VP8 numbers that went out, so that the next stretch continues them.</summary>
    public void NoteVp8(ReadOnlySpan<byte> written) => _vp8.Note(written);

    /// <summary>The subscriber fell a whole ring behind: go on at the newest key frame, or wait for one.</summary>
    private void LoseCursor(PublishedTrack source)
    {
        Skipped += source.History.Oldest - _cursor;
        if (IsVideo)
        {
            Attach(source, fromKeyFrame: true);
            CatchingUp = false;
        }
        else
        {
            _cursor = source.History.Oldest;
        }
    }
}
