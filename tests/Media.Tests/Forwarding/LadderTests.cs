using ThreeClassrooms.Media.Forwarding;
using ThreeClassrooms.Media.Time;

namespace ThreeClassrooms.Media.Tests.Forwarding;

public sealed class LadderTests
{
    [Fact]
    public void WeakLine_KeepsTheVoiceThenTheScreenThenTheLecturerThenTheRooms()
    {
        List<Rung> rungs =
        [
            new(LadderRank.OtherRoom, 40_000, 500_000, WasPaused: false),
            new(LadderRank.LecturerCamera, 40_000, 1_000_000, WasPaused: false),
            new(LadderRank.Screen, 0, 800_000, WasPaused: false),
        ];

        Assert.Equal([true, true, true], Shown(3_000_000, rungs));
        Assert.Equal([false, true, true], Shown(2_000_000, rungs));
        Assert.Equal([false, false, true], Shown(1_000_000, rungs));
        Assert.Equal([false, false, false], Shown(300_000, rungs));
        Assert.Equal([true, true, true], Shown(DownlinkEstimator.Unlimited, rungs));
    }

    [Fact]
    public void PausedPicture_ComesBackOnlyWithRoomToSpare()
    {
        List<Rung> rungs = [new(LadderRank.LecturerCamera, 0, 1_000_000, WasPaused: true)];
        Assert.Equal([false], Shown(1_100_000, rungs));
        Assert.Equal([true], Shown(1_400_000, rungs));
    }

    [Fact]
    public void HeavyLoss_LowersTheEstimate_AndCalmRaisesItAgain()
    {
        var estimator = new DownlinkEstimator();
        var now = new MonoTime(5_000_000_000);
        Assert.Equal(DownlinkEstimator.Unlimited, estimator.BitsPerSecond);
        long previous = long.MaxValue;
        for (int i = 0; i < 5; i++, now += TimeSpan.FromSeconds(1.1))
        {
            estimator.OnLoss(0.3, now);
            estimator.OnTime(now);
            Assert.True(estimator.BitsPerSecond < previous);
            previous = estimator.BitsPerSecond;
        }

        for (int i = 0; i < 150; i++, now += TimeSpan.FromMilliseconds(200))
        {
            estimator.OnLoss(0, now);
            estimator.OnTime(now);
        }

        Assert.True(estimator.BitsPerSecond > previous * 2);
    }

    [Theory]
    [InlineData(50)]
    [InlineData(150)]
    public void OnePacketInTwentyLostAtRandom_IsNotCongestion(int packetsPerReport)
    {
        for (int seed = 0; seed < 20; seed++)
        {
            var random = new Random(seed);
            var estimator = new DownlinkEstimator();
            var now = new MonoTime(5_000_000_000);
            for (int i = 0; i < 60; i++, now += TimeSpan.FromSeconds(1))
            {
                int lost = Enumerable.Range(0, packetsPerReport).Count(_ => random.Next(20) == 0);
                estimator.OnLoss((double)lost / packetsPerReport, now);
                estimator.OnTime(now);
                Assert.True(estimator.BitsPerSecond > 2_000_000, $"seed {seed}, second {i}");
            }
        }
    }

    [Fact]
    public void SteadyLossAfterACut_IsForgotten()
    {
        var estimator = new DownlinkEstimator();
        var now = new MonoTime(5_000_000_000);
        estimator.OnLoss(0.5, now);
        Assert.NotEqual(DownlinkEstimator.Unlimited, estimator.BitsPerSecond);
        for (int i = 0; i < 40; i++, now += TimeSpan.FromSeconds(1))
        {
            estimator.OnLoss(0.05, now);
            estimator.OnTime(now);
        }

        Assert.Equal(DownlinkEstimator.Unlimited, estimator.BitsPerSecond);
    }

    [Fact]
    public void QueueThatBuildsUp_LowersTheEstimate_WithoutAnyLoss()
    {
        var estimator = new DownlinkEstimator();
        var now = new MonoTime(5_000_000_000);
        for (int i = 0; i < 400; i++, now += TimeSpan.FromMilliseconds(5))
        {
            TimeSpan queue = TimeSpan.FromMilliseconds(i); // each packet comes a millisecond later than the one before
            estimator.OnDelivered(1200, now, TimeSpan.FromTicks(now.Nanoseconds / 100) + queue, now);
            estimator.OnTime(now);
        }

        Assert.InRange(estimator.BitsPerSecond, DownlinkEstimator.Least, 3_000_000);
    }

    private static bool[] Shown(long line, List<Rung> rungs)
    {
        List<Rung> dealt = [.. rungs];
        Ladder.Deal(line, dealt);
        return [.. dealt.Select(r => r.Budget > 0)];
    }
}
