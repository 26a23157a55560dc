using ThreeClassrooms.Media.Rtcp;
using ThreeClassrooms.Media.Rtp;
using ThreeClassrooms.Media.Time;

namespace ThreeClassrooms.Media.Tests.Rtp;

public sealed class ReceiveStatisticsTests
{
    private readonly ReceiveStatistics _statistics = new(new Ssrc(7), 90_000);

    [Fact]
    public void LossIsCountedPerInterval_AndInTotal()
    {
        for (int i = 0; i < 100; i++)
        {
            if (i % 4 != 1)
            {
                On(65500 + i, i * 3000, i * 33.333);
            }
        }

        ReportBlock report = _statistics.TakeReport(At(4000));
        Assert.Equal((64, 25), (report.FractionLost, report.CumulativeLost));
        Assert.Equal(((uint)1 << 16) + (65599 - 65536), report.HighestSequence);
        Assert.Equal(0, _statistics.TakeReport(At(5000)).FractionLost);
    }

    [Fact]
    public void Duplicates_MakeTheLossNegative_NotTheFraction()
    {
        On(1, 0, 0);
        On(1, 0, 0);
        ReportBlock report = _statistics.TakeReport(At(1));
        Assert.Equal((0, -1), (report.FractionLost, report.CumulativeLost));
    }

    [Fact]
    public void EvenArrivals_HaveNoJitter_UnevenOnesConverge()
    {
        for (int i = 0; i < 50; i++)
        {
            On(i, i * 3000, i * 33.333_333);
        }

        Assert.InRange(_statistics.Jitter.TotalMilliseconds, 0, 0.1);
        for (int i = 50; i < 500; i++)
        {
            On(i, i * 3000, (i * 33.333_333) + (i % 2 * 10));
        }

        Assert.InRange(_statistics.Jitter.TotalMilliseconds, 9, 10.1);
    }

    [Fact]
    public void ReportAnswersTheLastSenderReport_SoThatTheSenderFindsTheRoundTrip()
    {
        var sent = NtpTime.From(new DateTimeOffset(2026, 3, 2, 8, 0, 0, TimeSpan.Zero));
        On(1, 0, 0);
        _statistics.OnSenderReport(sent, At(1000));
        ReportBlock report = _statistics.TakeReport(At(1250));
        var arrived = NtpTime.From(new DateTimeOffset(2026, 3, 2, 8, 0, 0, 330, TimeSpan.Zero));
        Assert.Equal(80, report.RoundTrip(arrived)!.Value.TotalMilliseconds, 0.1);
        Assert.Null((report with { LastReport = 0 }).RoundTrip(arrived));
        Assert.Null(report.RoundTrip(sent));
    }

    private static MonoTime At(double ms) => new((long)(ms * 1_000_000));

    private void On(int sequence, int timestamp, double ms) =>
        _statistics.OnPacket(new SeqNo((ushort)sequence), new RtpTime((uint)timestamp), 1000, At(ms));
}
