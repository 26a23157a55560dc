using FsCheck;
using FsCheck.Fluent;
using ThreeClassrooms.Media.Rtcp;
using ThreeClassrooms.Media.Rtp;
using ThreeClassrooms.Media.Time;

namespace ThreeClassrooms.Media.Tests.Rtcp;

public sealed class TransportFeedbackTests
{
    [Fact]
    public void AnyArrivals_AreToldOnce_InOrder_ToAQuarterMillisecond() => Prop.ForAll<ushort, byte[]>((first, trace) =>
    {
        var recorder = new TransportFeedbackRecorder();
        var sent = new Dictionary<ushort, long>();
        ushort sequence = first;
        long micros = 5_000_000;
        var told = new List<PacketArrival>();
        foreach (byte step in trace)
        {
            micros += step * 700;
            recorder.OnPacket(sequence, new MonoTime(micros * 1000));
            sent[sequence] = micros;
            if (sent.Count % 60 == 0)
            {
                told.AddRange(Drain(recorder));
            }

            sequence += (ushort)(step % 11 == 0 ? 12 : step % 5 == 0 ? 2 : 1);
        }

        told.AddRange(Drain(recorder));
        return told.Where(t => t.Arrival is not null).Select(t => t.TransportSequence).SequenceEqual(sent.Keys)
            && told.Where(t => t.Arrival is not null).All(t => Math.Abs(t.Arrival!.Value.TotalMicroseconds - (sent[t.TransportSequence] / 250 * 250)) < 1)
            && told.Zip(told.Skip(1)).All(p => (ushort)(p.First.TransportSequence + 1) == p.Second.TransportSequence);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(150).WithEndSize(600));

    [Fact]
    public void ReorderedAndLatePackets_AreToldWithNegativeDeltas()
    {
        var recorder = new TransportFeedbackRecorder();
        On(recorder, 10, 100);
        On(recorder, 12, 120);
        On(recorder, 11, 130);
        Assert.Equal([(10, 100.0), (11, 130.0), (12, 120.0)], Arrivals(Drain(recorder)));
        Assert.False(recorder.HasNews);
        On(recorder, 15, 150);
        Assert.Equal([(15, 150.0)], Arrivals(Drain(recorder)));
        On(recorder, 14, 151);
        Assert.Equal([(14, 151.0), (15, 150.0)], Arrivals(Drain(recorder)));
        On(recorder, 15, 152);
        Assert.False(recorder.HasNews);
    }

    [Fact]
    public void LongSilence_BeginsANewReferenceTime()
    {
        var recorder = new TransportFeedbackRecorder();
        On(recorder, 1, 0);
        On(recorder, 2, 20_000);
        Assert.Equal([(1, 0.0), (2, 20_000.0)], Arrivals(Drain(recorder)));
    }

    [Fact]
    public void LongLoss_IsSkipped_NotTold()
    {
        var recorder = new TransportFeedbackRecorder();
        On(recorder, 1, 0);
        Drain(recorder);
        On(recorder, 901, 10);
        Assert.Equal([(901, 10.0)], Arrivals(Drain(recorder)));
    }

    [Fact]
    public void NoRoom_LeavesTheNews()
    {
        var recorder = new TransportFeedbackRecorder();
        On(recorder, 1, 0);
        var writer = new RtcpWriter(new byte[20]);
        Assert.False(recorder.TryWrite(ref writer, default, default));
        Assert.Equal(0, writer.Length);
        Assert.Single(Drain(recorder));
    }

    private static void On(TransportFeedbackRecorder recorder, ushort sequence, long ms) => recorder.OnPacket(sequence, new MonoTime(ms * 1_000_000));

    private static List<(int, double)> Arrivals(List<PacketArrival> told) =>
        [.. told.Where(t => t.Arrival is not null).Select(t => ((int)t.TransportSequence, t.Arrival!.Value.TotalMilliseconds))];

    private static List<PacketArrival> Drain(TransportFeedbackRecorder recorder)
    {
        var told = new List<PacketArrival>();
        byte[] datagram = new byte[2048];
        while (recorder.HasNews)
        {
            var writer = new RtcpWriter(datagram);
            Assert.True(recorder.TryWrite(ref writer, new Ssrc(1), new Ssrc(2)));
            Assert.True(TransportFeedback.TryRead(RtcpVectorTests.Only(writer.Written.ToArray()), out TransportFeedback feedback));
            foreach (PacketArrival arrival in feedback)
            {
                told.Add(arrival);
            }
        }

        return told;
    }
}
