using FsCheck;
using FsCheck.Fluent;
using ThreeClassrooms.Media.Srtp;
using ThreeClassrooms.Media.Tests.Simulation;
using ThreeClassrooms.TestKit;

namespace ThreeClassrooms.Media.Tests.Srtp;

public sealed class SrtpSessionTests
{
    public static TheoryData<SrtpProfile> Profiles => [SrtpProfile.AeadAes128Gcm, SrtpProfile.Aes128CmSha1];

    [Theory]
    [MemberData(nameof(Profiles))]
    public void EverySize_RoundTrips(SrtpProfile profile)
    {
        using var session = new Session(profile);

        for (var size = 0; size < 1400; size++)
        {
            Assert.Equal(SrtpError.None, session.Carry(1, (ushort)size, size));
        }
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void HeaderWithSourcesAndExtension_StaysInTheClear(SrtpProfile profile)
    {
        using var session = new Session(profile);
        byte[] header = [0x92, 96, 0, 1, 0, 0, 0, 1, 0, 0, 0, 9, 0, 0, 0, 7, 0, 0, 0, 8, 0xBE, 0xDE, 0, 1, 0x10, 0xAA, 0, 0];
        byte[] payload = [1, 2, 3, 4, 5];
        var wire = new byte[100];

        var length = session.Sender.ProtectRtp(header, payload, wire);

        Assert.Equal(header, wire[..header.Length]);
        Assert.NotEqual(payload, wire[header.Length..(header.Length + 5)]);
        Assert.Equal(SrtpError.None, session.Receiver.UnprotectRtp(wire.AsSpan(0, length), out var plain));
        Assert.Equal([.. header, .. payload], wire[..plain]);
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void SequenceWrapsManyTimes_WithLossAndReordering(SrtpProfile profile)
    {
        using var session = new Session(profile);
        var random = new Random(5);
        var sent = new List<(ulong Index, byte[] Wire)>();

        for (var index = 65_000UL; index < 65_000 + (3 * 65_536); index += (ulong)random.Next(1, 900))
        {
            sent.Add((index, session.Protect(7, (ushort)index, 20)));
            if (sent.Count > 1 && random.Next(4) == 0 && sent[^1].Index - sent[^2].Index < 100)
            {
                (sent[^1], sent[^2]) = (sent[^2], sent[^1]);
            }
        }

        foreach (var (_, wire) in sent)
        {
            Assert.Equal(SrtpError.None, session.Receiver.UnprotectRtp((byte[])wire.Clone(), out _));
        }

        foreach (var (_, wire) in sent)
        {
            Assert.NotEqual(SrtpError.None, session.Receiver.UnprotectRtp((byte[])wire.Clone(), out _));
        }
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void FirstPacketsLostAtTheWrap_TheNextOnesAreUnderstood(SrtpProfile profile)
    {
        using var session = new Session(profile);
        byte[] early = session.Protect(7, 65_534, 50);
        session.Protect(7, 65_535, 50); // lost
        for (ushort number = 0; number < 300; number++)
        {
            byte[] wire = session.Protect(7, number, 50);
            if (number >= 3)
            {
                Assert.Equal(SrtpError.None, session.Receiver.UnprotectRtp(wire, out _));
            }
        }

        Assert.Equal(SrtpError.Replayed, session.Receiver.UnprotectRtp((byte[])early.Clone(), out _)); // too late, and not taken for another
        Assert.Equal(1, session.Receiver.Recovered);
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void OutageOfMoreThanHalfARound_IsOvercome(SrtpProfile profile)
    {
        using var session = new Session(profile);
        Assert.Equal(SrtpError.None, session.Receiver.UnprotectRtp(session.Protect(7, 100, 50), out _));
        for (int number = 101; number < 60_000; number += 900)
        {
            session.Protect(7, (ushort)number, 50); // lost
        }

        int understood = 0;
        for (int number = 60_000; number < 60_500; number++)
        {
            understood += session.Receiver.UnprotectRtp(session.Protect(7, (ushort)number, 50), out _) == SrtpError.None ? 1 : 0;
        }

        Assert.InRange(understood, 400, 500);
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void ForgedPackets_MakeNoSource(SrtpProfile profile)
    {
        using var session = new Session(profile);
        byte[] forged = session.Protect(7, 5, 50);
        forged[20] ^= 1;
        Assert.Equal(SrtpError.NotAuthentic, session.Receiver.UnprotectRtp(forged, out _));
        Assert.Equal(0, session.Receiver.Recovered);
        Assert.Equal(SrtpError.None, session.Receiver.UnprotectRtp(session.Protect(7, 6, 50), out _));
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void SecondCopy_IsReplayed_ForRtpAndRtcp(SrtpProfile profile)
    {
        using var session = new Session(profile);
        var rtp = session.Protect(1, 10, 50);
        var rtcp = new byte[100];
        var length = session.Sender.ProtectRtcp(Packets.ReceiverReport(1), rtcp);

        Assert.Equal(SrtpError.None, session.Receiver.UnprotectRtp((byte[])rtp.Clone(), out _));
        Assert.Equal(SrtpError.Replayed, session.Receiver.UnprotectRtp((byte[])rtp.Clone(), out _));
        Assert.Equal(SrtpError.None, session.Receiver.UnprotectRtcp(rtcp.AsSpan(0, length).ToArray(), out _));
        Assert.Equal(SrtpError.Replayed, session.Receiver.UnprotectRtcp(rtcp.AsSpan(0, length).ToArray(), out _));
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void ForgedPacketFarAhead_DoesNotMoveTheIndex(SrtpProfile profile)
    {
        using var session = new Session(profile);
        Assert.Equal(SrtpError.None, session.Carry(1, 100, 20));
        var forged = session.Protect(1, 101, 20);
        (forged[2], forged[3]) = (0x70, 0);

        Assert.Equal(SrtpError.NotAuthentic, session.Receiver.UnprotectRtp(forged, out _));

        Assert.Equal(SrtpError.None, session.Carry(1, 102, 20));
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void EveryFlippedBit_IsRefused(SrtpProfile profile)
    {
        using var session = new Session(profile);
        var rtp = session.Protect(1, 10, 30);
        var rtcp = new byte[100];
        rtcp = rtcp[..session.Sender.ProtectRtcp(Packets.ReceiverReport(1), rtcp)];

        for (var bit = 0; bit < rtp.Length * 8; bit++)
        {
            var wire = (byte[])rtp.Clone();
            wire[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.NotEqual(SrtpError.None, session.Receiver.UnprotectRtp(wire, out _));
        }

        for (var bit = 0; bit < rtcp.Length * 8; bit++)
        {
            var wire = (byte[])rtcp.Clone();
            wire[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.NotEqual(SrtpError.None, session.Receiver.UnprotectRtcp(wire, out _));
        }
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void SourcesPerPeer_AreBounded(SrtpProfile profile)
    {
        using var session = new Session(profile);
        for (var ssrc = 1u; ssrc <= SrtpSender.MaxSources; ssrc++)
        {
            Assert.Equal(SrtpError.None, session.Carry(ssrc, 1, 10));
        }

        Assert.Equal(0, session.Sender.ProtectRtp(Packets.Rtp(1000, 1, 0), [], new byte[100]));
        var wire = new byte[100];
        for (var ssrc = SrtpSender.MaxSources + 1u; ssrc <= SrtpReceiver.MaxSources + 1u; ssrc++)
        {
            using var another = new SrtpSender(Session.Keys(profile));
            var length = another.ProtectRtp(Packets.Rtp(ssrc, 1, 0), [], wire);
            Assert.Equal(
                ssrc <= SrtpReceiver.MaxSources ? SrtpError.None : SrtpError.TooManySources, session.Receiver.UnprotectRtp(wire.AsSpan(0, length), out _));
        }

        Assert.Equal(SrtpError.None, session.Carry(3, 2, 10));
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void ShortOutput_IsRefused(SrtpProfile profile)
    {
        using var session = new Session(profile);
        var packet = Packets.Rtp(1, 1, 100);

        Assert.Equal(0, session.Sender.ProtectRtp(packet.AsSpan(0, 12), packet.AsSpan(12), new byte[115]));
        Assert.Equal(0, session.Sender.ProtectRtcp(packet, new byte[120]));
        Assert.Equal(0, session.Sender.ProtectRtcp(packet.AsSpan(0, 7), new byte[120]));
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void AnyBytes_AreRefused(SrtpProfile profile)
    {
        using var session = new Session(profile);
        Prop.ForAll<byte[]>(bytes =>
        {
            Assert.NotEqual(SrtpError.None, session.Receiver.UnprotectRtp((byte[])bytes.Clone(), out _));
            Assert.NotEqual(SrtpError.None, session.Receiver.UnprotectRtcp((byte[])bytes.Clone(), out _));
            byte[] likely = [0x90, 96, .. bytes];
            Assert.NotEqual(SrtpError.None, session.Receiver.UnprotectRtp((byte[])likely.Clone(), out _));
            Assert.NotEqual(SrtpError.None, session.Receiver.UnprotectRtcp(likely, out _));
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void PerPacket_NothingIsAllocated(SrtpProfile profile)
    {
        using var session = new Session(profile);
        var packet = Packets.Rtp(1, 1, 1100);
        var report = Packets.ReceiverReport(1);
        var wire = new byte[1200];
        void Round(int count, int from)
        {
            for (var i = from; i < from + count; i++)
            {
                (packet[2], packet[3]) = ((byte)(i >> 8), (byte)i);
                var length = session.Sender.ProtectRtp(packet.AsSpan(0, 12), packet.AsSpan(12), wire);
                _ = session.Receiver.UnprotectRtp(wire.AsSpan(0, length), out _);
                length = session.Sender.ProtectRtcp(report, wire);
                _ = session.Receiver.UnprotectRtcp(wire.AsSpan(0, length), out _);
            }
        }

        Assert.Equal(0, Allocations.Least(run => Round(1000, run * 1000)));
    }

    private sealed class Session(SrtpProfile profile) : IDisposable
    {
        public SrtpSender Sender { get; } = new(Keys(profile));

        public SrtpReceiver Receiver { get; } = new(Keys(profile));

        public static SrtpKeys Keys(SrtpProfile profile) =>
            new(profile, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16], new byte[SrtpKeys.SaltLength(profile)]);

        public byte[] Protect(uint ssrc, ushort sequence, int payload)
        {
            var packet = Packets.Rtp(ssrc, sequence, payload);
            var wire = new byte[packet.Length + 32];
            return wire[..Sender.ProtectRtp(packet.AsSpan(0, 12), packet.AsSpan(12), wire)];
        }

        public SrtpError Carry(uint ssrc, ushort sequence, int payload)
        {
            var wire = Protect(ssrc, sequence, payload);
            var error = Receiver.UnprotectRtp(wire, out var length);
            if (error == SrtpError.None)
            {
                Assert.Equal(Packets.Rtp(ssrc, sequence, payload), wire[..length]);
            }

            return error;
        }

        public void Dispose()
        {
            Sender.Dispose();
            Receiver.Dispose();
        }
    }
}
