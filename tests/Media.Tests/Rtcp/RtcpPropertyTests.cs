using FsCheck;
using FsCheck.Fluent;
using ThreeClassrooms.Media.Rtcp;
using ThreeClassrooms.Media.Rtp;

namespace ThreeClassrooms.Media.Tests.Rtcp;

public sealed class RtcpPropertyTests
{
    [Fact]
    public void AnyBytes_AreReadOrRefused() => Prop.ForAll(ArbMap.Default.ArbFor<(byte[] Body, byte Count, byte Type)>(), packet =>
    {
        // A valid head in front of any body reaches every reader.
        byte[] body = packet.Body[..(packet.Body.Length & ~3)];
        byte[] wire = [(byte)(0x80 | (packet.Count & 0x1F)), (byte)(200 + (packet.Type % 8)), 0, (byte)(body.Length / 4), .. body];
        ReadEverything(wire);
        ReadEverything(packet.Body);
        return true;
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(3000).WithEndSize(120));

    [Fact]
    public void Nack_SaysExactlyWhatWasAskedFor() => Prop.ForAll<ushort, byte[]>((first, steps) =>
    {
        var lost = new List<SeqNo> { new(first) };
        foreach (byte step in steps)
        {
            lost.Add(lost[^1] + 1 + (step % 40));
        }

        byte[] wire = RtcpVectorTests.Write((ref RtcpWriter w) => w.AddNack(default, default, [.. lost]));
        var read = new List<SeqNo>();
        foreach (SeqNo one in RtcpVectorTests.Only(wire).Nacks)
        {
            read.Add(one);
        }

        return read.SequenceEqual(lost);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Remb_KeepsEighteenBits() => Prop.ForAll<ulong>(rate =>
    {
        byte[] wire = RtcpVectorTests.Write((ref RtcpWriter w) => w.AddRemb(default, new Remb(rate), [new Ssrc(1)]));
        return Remb.TryRead(RtcpVectorTests.Only(wire), out Remb read)
            && read.BitsPerSecond <= rate && rate - read.BitsPerSecond <= rate >> 17;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void ReportBlocks_ReadBack() => Prop.ForAll<(uint A, byte B, int C), (uint D, uint E, uint F, uint G)>((a, b) =>
    {
        var block = new ReportBlock(new Ssrc(a.A), a.B, Math.Clamp(a.C, -0x80_0000, 0x7F_FFFF), b.D, b.E, b.F, b.G);
        byte[] wire = new byte[ReportBlock.Length];
        block.Write(wire);
        return ReportBlock.Read(wire) == block;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void NtpTime_KeepsTheTime_ToHundredNanoseconds()
    {
        var utc = new DateTimeOffset(2026, 9, 1, 8, 0, 0, 123, TimeSpan.Zero);
        Assert.InRange((NtpTime.From(utc).ToUtc() - utc).Ticks, -1, 0);
        Assert.Equal(2037, NtpTime.From(new DateTimeOffset(2037, 1, 1, 0, 0, 0, TimeSpan.Zero)).ToUtc().Year);
        Assert.Equal(-1500, NtpTime.From(utc.AddMilliseconds(-1500)).Since(NtpTime.From(utc)).TotalMilliseconds, 0.001);
        Assert.Equal(0x83AA7E80_00000000ul, NtpTime.From(DateTimeOffset.UnixEpoch).Value);
    }

    private static void ReadEverything(byte[] wire)
    {
        var reader = new RtcpReader(wire);
        while (reader.MoveNext())
        {
            RtcpPacket packet = reader.Current;
            SenderReport.TryRead(packet, out _);
            FirEntry.TryReadFirst(packet, out _);
            Remb.TryRead(packet, out _);
            SourceDescription.TryReadCname(packet, out _, out _);
            packet.AsksKeyFrameOf(new Ssrc(1));
            packet.SaysGoodbyeOf(new Ssrc(1));
            foreach (ReportBlock report in packet.Reports)
            {
                report.RoundTrip(new NtpTime(ulong.MaxValue));
            }

            foreach (SeqNo lost in packet.Nacks)
            {
                _ = lost.Next;
            }

            if (TransportFeedback.TryRead(packet, out TransportFeedback feedback))
            {
                foreach (PacketArrival arrival in feedback)
                {
                    _ = arrival.Arrival;
                }
            }
        }
    }
}
