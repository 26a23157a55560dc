using ThreeClassrooms.Media.Rtp;
using ThreeClassrooms.Media.Time;

namespace ThreeClassrooms.Media.Tests.Rtp;

public sealed class NackTrackerTests
{
    private static readonly TimeSpan RoundTrip = TimeSpan.FromMilliseconds(50);
    private readonly NackTracker _tracker = new();

    [Fact]
    public void LatePacket_IsAskedOnce_AndForgottenWhenItComes()
    {
        On(10, 0);
        On(13, 1);
        Assert.Empty(Asked(2)); // may be mere reordering
        Assert.Equal([11, 12], Asked(6));
        Assert.Empty(Asked(20));
        Assert.Equal(NackOutcome.Recovered, On(11, 30));
        Assert.Equal([12], Asked(56));
        Assert.Equal(NackOutcome.Recovered, On(12, 60));
        Assert.Equal(NackOutcome.Useless, On(12, 61));
        Assert.Null(_tracker.NextDeadline);
        Assert.Equal((0, 2), (_tracker.GivenUp, _tracker.Recovered));
        Assert.False(_tracker.TakeLoss());
    }

    [Fact]
    public void ReorderedPacket_IsNeverAskedFor()
    {
        On(1, 0);
        On(3, 1);
        On(2, 3);
        Assert.Empty(Asked(100));
    }

    [Fact]
    public void PacketThatNeverComes_IsGivenUp_AndSaysSoOnce()
    {
        On(1, 0);
        On(3, 0);
        int asked = 0;
        for (int ms = 0; ms < 2000; ms += 5)
        {
            asked += Asked(ms).Count;
        }

        Assert.InRange(asked, 2, 8);
        Assert.Equal((0, 1), (_tracker.Missing, _tracker.GivenUp));
        Assert.True(_tracker.TakeLoss());
        Assert.False(_tracker.TakeLoss());
    }

    [Fact]
    public void HugeJump_GivesEverythingUp_InsteadOfAsking()
    {
        On(1, 0);
        On(5, 0);
        On(5000, 1);
        Assert.Empty(Asked(100));
        Assert.True(_tracker.TakeLoss());
    }

    [Fact]
    public void HolesAcrossTheWrap_AreAskedInOrder()
    {
        On(65533, 0);
        On(2, 0);
        Assert.Equal([65534, 65535, 0, 1], Asked(10));
    }

    [Fact]
    public void KeyFrame_EndsTheInterestInWhatWasBefore()
    {
        On(1, 0);
        On(4, 0);
        On(7, 0);
        _tracker.ForgetBefore(new SeqNo(4));
        Assert.Equal([5, 6], Asked(10));
    }

    [Fact]
    public void SmallOutput_LeavesTheRestDue()
    {
        On(1, 0);
        On(10, 0);
        Span<SeqNo> three = new SeqNo[3];
        Assert.Equal(3, _tracker.TakeNacks(At(10), RoundTrip, three));
        Assert.Equal([5, 6, 7, 8, 9], Asked(10));
    }

    private static MonoTime At(int ms) => new(ms * 1_000_000L);

    private NackOutcome On(int sequence, int ms) => _tracker.OnPacket(new SeqNo((ushort)sequence), At(ms));

    private List<int> Asked(int ms)
    {
        Span<SeqNo> output = new SeqNo[64];
        int count = _tracker.TakeNacks(At(ms), RoundTrip, output);
        return [.. output[..count].ToArray().Select(s => (int)s.Value)];
    }
}
