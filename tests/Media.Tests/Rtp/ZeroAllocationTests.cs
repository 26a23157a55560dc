using ThreeClassrooms.Media.Payload;
using ThreeClassrooms.Media.Rtcp;
using ThreeClassrooms.Media.Rtp;
using ThreeClassrooms.Media.Sdp;
using ThreeClassrooms.Media.Time;
using ThreeClassrooms.TestKit;

namespace ThreeClassrooms.Media.Tests.Rtp;

public sealed class ZeroAllocationTests
{
    [Fact]
    public void ReadingAPacketAndWritingItsHeaderAnew_AllocatesNothing()
    {
        byte[] wire = Convert.FromHexString("90E0123401020304CAFEBABEBEDE0002" + "108540313111AABB" + "6742E01F"), output = new byte[64];
        int found = 0;
        AssertNoAllocation(() =>
        {
            RtpHeader.TryRead(wire, out RtpHeader header);
            int length = RtpHeader.Write(output, 100, header.Marker, header.Sequence.Next, header.Timestamp, new Ssrc(9));
            var writer = new RtpExtensionWriter(output.AsSpan(length), twoByte: false);
            foreach (RtpExtensions.Element element in new RtpExtensions(wire, header))
            {
                found += writer.Add(element.Id, element.Value) ? 1 : 0;
            }

            writer.Finish();
            RtpPatch.HasExtension(output, true);
            KeyFrames.StartsIn(CodecKind.H264, header.Payload(wire));
            KeyFrames.StartsIn(CodecKind.Vp8, header.Payload(wire));
        });
        Assert.True(found > 0);
    }

    [Fact]
    public void TrackingAndReordering_AllocateNothing()
    {
        var tracker = new NackTracker();
        var statistics = new ReceiveStatistics(new Ssrc(1), 90_000);
        var buffer = new JitterBuffer(TimeSpan.FromMilliseconds(50));
        var recorder = new TransportFeedbackRecorder();
        byte[] payload = new byte[1000];
        SeqNo[] nacks = new SeqNo[32];
        int i = 0;
        AssertNoAllocation(() =>
        {
            i += i % 7 == 0 ? 2 : 1;
            var (sequence, now) = (new SeqNo((ushort)i), new MonoTime(i * 1_000_000L));
            tracker.OnPacket(sequence, now);
            tracker.TakeNacks(now, TimeSpan.FromMilliseconds(20), nacks);
            statistics.OnPacket(sequence, new RtpTime((uint)i * 3000), payload.Length, now);
            recorder.OnPacket(sequence.Value, now);
            buffer.Insert(sequence, new RtpTime((uint)i), false, payload, now);
            while (buffer.TryTake(now, out _, out _))
            {
            }
        });
    }

    [Fact]
    public void WritingAndReadingFeedback_AllocatesNothing()
    {
        byte[] datagram = new byte[1200];
        var recorder = new TransportFeedbackRecorder();
        ReportBlock[] reports = [new ReportBlock(new Ssrc(2), 3, 4, 5, 6, 7, 8)];
        SeqNo[] lost = [new(1), new(3), new(30)];
        ushort sequence = 0;
        int sum = 0;
        AssertNoAllocation(() =>
        {
            for (int i = 0; i < 20; i++)
            {
                recorder.OnPacket(sequence, new MonoTime(sequence * 1_000_000L));
                sequence += (ushort)(i % 5 == 0 ? 2 : 1);
            }

            var writer = new RtcpWriter(datagram);
            writer.AddReceiverReport(new Ssrc(1), reports);
            writer.AddNack(new Ssrc(1), new Ssrc(2), lost);
            writer.AddPli(new Ssrc(1), new Ssrc(2));
            recorder.TryWrite(ref writer, new Ssrc(1), new Ssrc(2));
            foreach (RtcpPacket packet in new RtcpReader(writer.Written))
            {
                foreach (ReportBlock report in packet.Reports)
                {
                    sum += report.FractionLost;
                }

                foreach (SeqNo one in packet.Nacks)
                {
                    sum += one.Value;
                }

                if (TransportFeedback.TryRead(packet, out TransportFeedback feedback))
                {
                    foreach (PacketArrival arrival in feedback)
                    {
                        sum += arrival.TransportSequence & 1;
                    }
                }
            }
        });
        Assert.True(sum != 0);
    }

    private static void AssertNoAllocation(Action step) => Assert.Equal(0, Allocations.Least(_ =>
    {
        for (int i = 0; i < 200; i++)
        {
            step();
        }
    }));
}
