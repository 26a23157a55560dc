using System.Buffers.Binary;
using ThreeClassrooms.Media.Forwarding;
using ThreeClassrooms.Media.Rtcp;
using ThreeClassrooms.Media.Rtp;
using ThreeClassrooms.Media.Time;

namespace ThreeClassrooms.Media.Tests.Forwarding;

/// <summary>A packet as a watcher got it.</summary>
internal sealed record Got(RtpHeader Header, byte[] Payload, byte[] Wire)
{
    public ushort Sequence => Header.Sequence.Value;

    public uint Timestamp => Header.Timestamp.Value;

    /// <summary>The publisher's count of the packet within its track.</summary>
    public int Count => BinaryPrimitives.ReadInt32BigEndian(Payload.AsSpan(Payload.Length - 4));

    public ushort PictureId => (ushort)(BinaryPrimitives.ReadUInt16BigEndian(Payload.AsSpan(2)) & 0x7FFF);

    public byte Tl0 => Payload[4];

    public bool IsKey => (Payload[5] & 1) == 0 && (Payload[0] & 0x10) != 0;
}

/// <summary>A subscription with everything it sent sorted by source.</summary>
internal sealed class FakeWatcher
{
    public const uint AudioSsrc = 0xA0;
    public const uint VideoSsrc = 0xB0;
    public const uint RtxSsrc = 0xC0;
    private readonly byte[] _header = new byte[Subscription.MaxHeader];
    private readonly byte[] _scratch = new byte[Subscription.MaxPayload];

    public FakeWatcher(bool rtx = true, bool nack = true, RtpExtensionIds extensions = default, ulong seed = 0x1234_5678_9ABC_DEF0, bool h264 = false) =>
        Subscription = new Subscription(
            new SubscriptionFormat(
                new OutgoingFormat(AudioSsrc, 109, 48_000, 0, 0, Nack: false, IsVp8: false),
                new OutgoingFormat(VideoSsrc, 120, 90_000, rtx ? RtxSsrc : 0, 121, nack, IsVp8: !h264),
                new RtpExtensionIds { AudioLevel = 6 }, extensions, "cname"),
            seed);

    public Subscription Subscription { get; }

    public List<Got> Audio { get; } = [];

    public List<Got> Video { get; } = [];

    public List<Got> Rtx { get; } = [];

    public List<(SenderReport Report, MonoTime At)> Reports { get; } = [];

    public FakeWatcher Watching(FakePublisher publisher)
    {
        Subscription.Attach(publisher.Stream);
        return this;
    }

    /// <summary>Takes everything there is to send now.</summary>
    public void Pump(MonoTime now)
    {
        while (Subscription.TryTakeRtp(now, _header, _scratch, out int length, out ReadOnlySpan<byte> payload))
        {
            byte[] wire = [.. _header.AsSpan(0, length), .. payload];
            Assert.Equal(RtpError.None, RtpHeader.TryRead(wire, out RtpHeader header));
            Assert.Equal(length, header.HeaderLength);
            (header.Ssrc.Value switch { AudioSsrc => Audio, VideoSsrc => Video, _ => Rtx }).Add(new Got(header, payload.ToArray(), wire));
        }

        var rtcp = new byte[300];
        while (Subscription.TryTakeRtcp(now, rtcp, out int length))
        {
            foreach (RtcpPacket packet in new RtcpReader(rtcp.AsSpan(0, length)))
            {
                if (SenderReport.TryRead(packet, out SenderReport report))
                {
                    Reports.Add((report, now));
                }
            }
        }
    }

    /// <summary>Pumps until nothing is held back by pacing any more.</summary>
    public MonoTime PumpAll(MonoTime now)
    {
        for (int i = 0; i < 2000; i++)
        {
            Pump(now);
            now += TimeSpan.FromMilliseconds(1);
        }

        return now;
    }

    public void Nack(MonoTime now, params ushort[] lost)
    {
        var buffer = new byte[1200];
        var writer = new RtcpWriter(buffer);
        Assert.True(writer.AddNack(new Ssrc(1), new Ssrc(VideoSsrc), [.. lost.Select(l => new SeqNo(l))]));
        Subscription.OnRtcp(writer.Written, now);
    }

    public void Pli(MonoTime now)
    {
        var buffer = new byte[100];
        var writer = new RtcpWriter(buffer);
        writer.AddPli(new Ssrc(1), new Ssrc(VideoSsrc));
        Subscription.OnRtcp(writer.Written, now);
    }
}
