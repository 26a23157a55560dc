using System.Buffers.Binary;
using ThreeClassrooms.Media.Forwarding;
using ThreeClassrooms.Media.Rtp;
using ThreeClassrooms.Media.Time;

namespace ThreeClassrooms.Hub.Tests.Recordings.Zoo;

/// <summary>A watcher that keeps what it is sent and takes it apart by RFC 6184 and RFC 7741 alone, without the library's own readers of payloads.</summary>
internal sealed class ZooWatcher(bool vp8, ulong seed)
{
    private const uint VideoSsrc = 0xB0;

    private readonly byte[] _header = new byte[Subscription.MaxHeader];
    private readonly byte[] _scratch = new byte[Subscription.MaxPayload];
    private readonly List<(ushort Number, uint Timestamp, byte[] Payload)> _video = [];

    public Subscription Subscription { get; } = new(
        new SubscriptionFormat(
            new OutgoingFormat(0xA0, 111, 48_000, 0, 0, Nack: false, IsVp8: false),
            new OutgoingFormat(VideoSsrc, 96, 90_000, 0xC0, 97, Nack: true, IsVp8: vp8), default, default, "cname"),
        seed);

    public int Sounds { get; private set; }

    public void Pump(MonoTime now)
    {
        while (Subscription.TryTakeRtp(now, _header, _scratch, out int length, out ReadOnlySpan<byte> payload))
        {
            RtpHeader.TryRead([.. _header.AsSpan(0, length), .. payload], out RtpHeader header);
            if (header.Ssrc.Value == VideoSsrc)
            {
                _video.Add((header.Sequence.Value, header.Timestamp.Value, payload.ToArray()));
            }
            else
            {
                Sounds++;
            }
        }

        Span<byte> rtcp = stackalloc byte[300];
        while (Subscription.TryTakeRtcp(now, rtcp, out _))
        {
        }
    }

    /// <summary>Numbers that do not follow the one before.</summary>
    public IReadOnlyList<ushort> Gaps() => [.. _video.Zip(_video.Skip(1)).Where(p => unchecked((ushort)(p.Second.Number - p.First.Number)) != 1).Select(p => p.Second.Number)];

    /// <summary>What the watcher's decoder gets: H.264 in annex B form, or VP8 as IVF.</summary>
    public byte[] Video() => vp8 ? Ivf() : AnnexB();

    private byte[] AnnexB()
    {
        var output = new MemoryStream();
        foreach ((_, _, byte[] payload) in _video.Where(v => v.Payload.Length > 0))
        {
            switch (payload[0] & 0x1F)
            {
                case 24:
                    for (int at = 1; at + 2 < payload.Length; at += 2 + BinaryPrimitives.ReadUInt16BigEndian(payload.AsSpan(at)))
                    {
                        output.Write([0, 0, 0, 1, .. payload.AsSpan(at + 2, BinaryPrimitives.ReadUInt16BigEndian(payload.AsSpan(at)))]);
                    }

                    break;
                case 28:
                    output.Write((payload[1] & 0x80) != 0 ? [0, 0, 0, 1, (byte)((payload[0] & 0xE0) | (payload[1] & 0x1F))] : []);
                    output.Write(payload.AsSpan(2));
                    break;
                default:
                    output.Write([0, 0, 0, 1, .. payload]);
                    break;
            }
        }

        return output.ToArray();
    }

    private byte[] Ivf()
    {
        var frames = new List<List<byte>>();
        foreach ((_, _, byte[] payload) in _video.Where(v => v.Payload.Length > 0))
        {
            if ((payload[0] & 0x10) != 0)
            {
                frames.Add([]);
            }

            frames[^1].AddRange(payload.AsSpan((payload[0] & 0x80) != 0 ? 4 : 1));
        }

        var output = new MemoryStream();
        byte[] head = [.. "DKIF"u8, 0, 0, 32, 0, .. "VP80"u8, 64, 1, 240, 0, 25, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        output.Write(head);
        Span<byte> size = stackalloc byte[12];
        for (int i = 0; i < frames.Count; i++)
        {
            size.Clear();
            BinaryPrimitives.WriteInt32LittleEndian(size, frames[i].Count);
            BinaryPrimitives.WriteInt32LittleEndian(size[4..], i);
            output.Write(size);
            output.Write([.. frames[i]]);
        }

        return output.ToArray();
    }
}
