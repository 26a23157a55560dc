using System.Buffers.Binary;
using System.Text;
using ThreeClassrooms.Media.Forwarding;
using ThreeClassrooms.Media.Rtcp;
using ThreeClassrooms.Media.Rtp;
using ThreeClassrooms.Media.Sdp;
using ThreeClassrooms.Media.Time;

namespace ThreeClassrooms.Media.Tests.Forwarding;

/// <summary>Makes the packets of a VP8 camera with Opus sound, optionally in layers. The payload's last four bytes count the packets of a track.</summary>
internal sealed class FakePublisher
{
    public const byte VideoType = 96;
    public const byte RtxType = 97;
    public const byte AudioType = 111;
    private const byte RidId = 4;

    private readonly uint _seed;
    private readonly Dictionary<string, Track> _tracks = [];

    public FakePublisher(uint seed = 1, ushort firstSequence = 1000, params string[] rids)
    {
        _seed = seed;
        Description = new StreamDescription(
            new TrackDescription
            {
                Kind = MediaKind.Audio,
                Codecs = [new CodecDescription(CodecKind.Opus, AudioType)],
                Extensions = new RtpExtensionIds { AudioLevel = 1 },
            },
            new TrackDescription
            {
                Kind = MediaKind.Video,
                Codecs = [new CodecDescription(CodecKind.Vp8, VideoType) { RtxPayloadType = RtxType, Feedback = RtcpFeedback.Nack | RtcpFeedback.Pli }],
                Extensions = new RtpExtensionIds { Rid = RidId },
                Rids = rids,
            });
        Stream = new PublishedStream(Description, ownSsrc: 7);
        string[] names = ["audio", .. rids.Length == 0 ? [""] : rids];
        for (int i = 0; i < names.Length; i++)
        {
            _tracks[names[i]] = new Track((seed * 100) + (uint)i + 1, firstSequence, (uint)(seed * 7_777_777), (ushort)(seed * 40));
        }
    }

    public StreamDescription Description { get; }

    public PublishedStream Stream { get; }

    /// <summary>Skips a sequence number, as if its packet were lost for good.</summary>
    public void Lose(string rid = "") => _tracks[rid].Sequence++;

    public byte[] Audio(MonoTime now, byte level = 30)
    {
        Track track = _tracks["audio"];
        byte[] packet = Packet(track, AudioType, marker: false, TimestampAt(track, now, 48_000), 40, [(1, [level])]);
        return packet;
    }

    /// <summary>One packet of a picture.</summary>
    public byte[] Video(MonoTime now, bool key = false, bool first = true, bool last = true, string rid = "", int size = 200)
    {
        Track track = _tracks[rid];
        if (first)
        {
            track.Picture++;
            track.Tl0++;
        }

        (byte, byte[])[] extensions = rid.Length > 0 ? [(RidId, Encoding.ASCII.GetBytes(rid))] : [];
        byte[] packet = Packet(track, VideoType, last, TimestampAt(track, now, 90_000), size, extensions);
        Span<byte> payload = packet.AsSpan(packet.Length - size);
        payload[0] = (byte)(0x80 | (first ? 0x10 : 0));
        payload[1] = 0xC0; // picture id, TL0PICIDX
        BinaryPrimitives.WriteUInt16BigEndian(payload[2..], (ushort)(0x8000 | (track.Picture & 0x7FFF)));
        payload[4] = track.Tl0;
        payload[5] = (byte)(key ? 0x10 : 0x11); // the P bit of the frame header: 0 for a key frame
        return packet;
    }

    public byte[] Report(MonoTime now, string rid, TimeSpan clockError = default)
    {
        Track track = _tracks[rid];
        int rate = rid == "audio" ? 48_000 : 90_000;
        var buffer = new byte[100];
        var writer = new RtcpWriter(buffer);
        var ntp = new NtpTime(unchecked((ulong)(long)((now.Nanoseconds / 1e9 + 1000 + clockError.TotalSeconds) * 4294967296.0)));
        writer.AddSenderReport(new SenderReport(new Ssrc(track.Ssrc), ntp, new RtpTime(TimestampAt(track, now, rate)), 0, 0));
        return buffer[..writer.Length];
    }

    public uint SsrcOf(string rid) => _tracks[rid].Ssrc;

    public uint TimestampOf(string rid, MonoTime now) => TimestampAt(_tracks[rid], now, rid == "audio" ? 48_000 : 90_000);

    private static uint TimestampAt(Track track, MonoTime now, int rate) =>
        unchecked(track.TimestampBase + (uint)(now.Nanoseconds / 1_000 * rate / 1_000_000));

    private static byte[] Packet(Track track, byte type, bool marker, uint timestamp, int size, (byte Id, byte[] Value)[] extensions)
    {
        var packet = new byte[100 + size];
        int length = RtpHeader.Write(packet, type, marker, new SeqNo(track.Sequence++), new RtpTime(timestamp), new Ssrc(track.Ssrc));
        var writer = new RtpExtensionWriter(packet.AsSpan(length), twoByte: false);
        foreach ((byte id, byte[] value) in extensions)
        {
            writer.Add(id, value);
        }

        int extension = writer.Finish();
        RtpPatch.HasExtension(packet, extension > 0);
        BinaryPrimitives.WriteInt32BigEndian(packet.AsSpan(length + extension + size - 4), track.Count++);
        return packet[..(length + extension + size)];
    }

    private sealed class Track(uint ssrc, ushort sequence, uint timestampBase, ushort picture)
    {
        public uint Ssrc { get; } = ssrc;

        public ushort Sequence { get; set; } = sequence;

        public uint TimestampBase { get; } = timestampBase;

        public ushort Picture { get; set; } = picture;

        public byte Tl0 { get; set; } = (byte)(picture & 0xFF);

        public int Count { get; set; }
    }
}
