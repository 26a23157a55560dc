using ThreeClassrooms.Agent.Joining;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Tests.Joining;

public sealed class ConnectionSightTests
{
    private readonly ConnectionSight _sight = new();

    [Theory]
    [InlineData(31, true, true, true)]
    [InlineData(29, true, true, false)]
    [InlineData(31, false, true, false)] // the hub is away: said already
    [InlineData(31, true, false, false)] // there is nothing to be in
    public void AStreamWithoutAWay_IsAFailedJoin(int down, bool linkUp, bool attends, bool fails)
    {
        _sight.Look([new ConnectionNow("in host-camera", TimeSpan.Zero, null), new ConnectionNow("out r1-camera", TimeSpan.FromSeconds(down), null)], linkUp, attends);
        Assert.Equal(fails, _sight.JoinFails);
    }

    [Fact]
    public void ManyRefusals_AreAFailedJoin_NotNowIsNone_AndTheyAreForgotten()
    {
        for (int i = 0; i < 2 * ConnectionSight.ManyRefusals; i++)
        {
            _sight.OnRefused(LessonRefusal.NotNow);
        }

        Assert.False(Fails());
        for (int i = 0; i < ConnectionSight.ManyRefusals; i++)
        {
            Assert.False(Fails());
            _sight.OnRefused(LessonRefusal.NotAllowed);
        }

        Assert.True(Fails());
        _sight.OnJoined();
        Assert.False(Fails());
        for (int i = 0; i < ConnectionSight.ManyRefusals; i++)
        {
            _sight.OnRefused(LessonRefusal.NotAllowed);
        }

        _sight.OnLessonOver();
        Assert.False(Fails());
    }

    [Fact]
    public void OnlyConnectionsThatStand_AreCountedForLoss()
    {
        PeerStatistics Count(bool connected, long expected, long missing) => new(connected, false, null, 0, 0, 0, 0, expected, missing);
        _sight.Look([new ConnectionNow("in a", TimeSpan.Zero, Count(true, 1000, 30)), new ConnectionNow("in b", TimeSpan.Zero, Count(false, 1000, 900))], true, true);
        Assert.Equal(3.0, _sight.Loss.Take());
    }

    private bool Fails()
    {
        _sight.Look([], linkUp: true, attends: true);
        return _sight.JoinFails;
    }
}
