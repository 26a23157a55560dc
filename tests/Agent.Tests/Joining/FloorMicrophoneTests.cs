using ThreeClassrooms.Agent.Joining;

namespace ThreeClassrooms.Agent.Tests.Joining;

public sealed class FloorMicrophoneTests
{
    [Fact]
    public void FloorGiven_OpensAfterTheCountdown_AndFloorTakenCloses()
    {
        var floor = new FloorMicrophone(agreed: true);
        Assert.Equal(FloorStep.None, floor.OnFloor(true, muted: true, At(0)));
        Assert.Equal(TimeSpan.FromSeconds(2), floor.Left(At(3)));
        Assert.Equal(FloorStep.None, floor.OnTime(muted: true, At(4.9)));
        Assert.Equal(FloorStep.Open, floor.OnTime(muted: true, At(5)));
        Assert.Null(floor.Left(At(5)));
        Assert.Equal(FloorStep.None, floor.OnFloor(true, muted: false, At(6)));
        Assert.Equal(FloorStep.Close, floor.OnFloor(false, muted: false, At(60)));
    }

    [Fact]
    public void WithoutTheSchoolsAgreement_TheFloorOpensNothing()
    {
        var floor = new FloorMicrophone(agreed: false);
        floor.OnFloor(true, muted: true, At(0));
        Assert.Equal(FloorStep.None, floor.OnTime(muted: true, At(10)));
    }

    [Fact]
    public void WhoeverTouchesIt_Decides()
    {
        var floor = new FloorMicrophone(agreed: true);
        floor.OnFloor(true, muted: true, At(0));
        floor.OnHand();
        Assert.Equal(FloorStep.None, floor.OnTime(muted: true, At(10)));

        floor.OnFloor(false, muted: true, At(20));
        floor.OnFloor(true, muted: true, At(21));
        Assert.Equal(FloorStep.Open, floor.OnTime(muted: true, At(26)));
        floor.OnHand(); // un-muted by hand as well: it stays open when the floor goes
        Assert.Equal(FloorStep.None, floor.OnFloor(false, muted: false, At(30)));
    }

    [Fact]
    public void FloorThatGoesWithinTheCountdown_OpensNothing()
    {
        var floor = new FloorMicrophone(agreed: true);
        floor.OnFloor(true, muted: true, At(0));
        Assert.Equal(FloorStep.None, floor.OnFloor(false, muted: true, At(2)));
        Assert.Equal(FloorStep.None, floor.OnTime(muted: true, At(5)));
    }

    [Fact]
    public void RoomThatWasOpenBefore_StaysOpenWhenTheFloorGoes()
    {
        var floor = new FloorMicrophone(agreed: true);
        floor.OnFloor(true, muted: false, At(0));
        Assert.Equal(FloorStep.None, floor.OnTime(muted: false, At(5)));
        Assert.Equal(FloorStep.None, floor.OnFloor(false, muted: false, At(9)));
    }

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);
}
