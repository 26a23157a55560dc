using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Devices.Commands;
using ThreeClassrooms.Hub.Devices.Releases;

namespace ThreeClassrooms.Hub.Tests.Devices.Releases;

public sealed class RolloutCourseTests
{
    [Fact]
    public void StageAfterStage_EachAfterItsWatchingTime_UntilAllAreDone()
    {
        var fleet = new PlayedFleet(2, 3, 5);
        Assert.Equal(["d0", "d1"], fleet.Step());
        fleet.AllDo();
        Assert.Empty(fleet.Step(1));
        Assert.All(fleet.Course.Members.Take(2), m => Assert.Equal((MemberState.Done, fleet.Now), (m.State, m.UpdatedAt!.Value)));
        Assert.Empty(fleet.Step(29));
        Assert.Equal(["d2", "d3", "d4"], fleet.Step(1));
        fleet.AllDo();
        fleet.Step(1);
        Assert.Equal(5, fleet.Step(30).Count);
        fleet.AllDo();
        fleet.Step(1);
        Assert.Equal(RolloutState.Running, fleet.Course.State);
        fleet.Step(30);
        Assert.Equal(RolloutState.Done, fleet.Course.State);
    }

    [Fact]
    public void NoMoreThanAllowed_AreAtItAtOnce()
    {
        var fleet = new PlayedFleet(50);
        Assert.Equal(20, fleet.Step().Count);
        Assert.Empty(fleet.Step(1));
        fleet.Answer("d3", CommandState.Done);
        Assert.Single(fleet.Step());
    }

    [Fact]
    public void OneFailureInTheFirstStage_StopsIt_AndAPersonGoesOn()
    {
        var fleet = new PlayedFleet(2, 8);
        fleet.Step();
        fleet.Answer("d0", CommandState.Done);
        fleet.Answer("d1", CommandState.Failed, UpdateReasons.RolledBack);
        Assert.Empty(fleet.Step(1));
        Assert.Equal((RolloutState.Stopped, RolloutStop.Failures), (fleet.Course.State, fleet.Course.StoppedFor));
        Assert.Equal((MemberState.Failed, UpdateReasons.RolledBack), (fleet.Member("d1").State, fleet.Member("d1").Reason));
        Assert.Empty(fleet.Step(60));
        fleet.Course = fleet.Course.OnResume();
        Assert.Equal(8, fleet.Step(1).Count); // d0 was watched while it stood still
        Assert.Equal(RolloutState.Running, fleet.Course.State);
    }

    [Theory]
    [InlineData(20, 1, false)]
    [InlineData(20, 2, true)] // 10 %
    [InlineData(60, 2, false)] // 3.3 %
    [InlineData(60, 4, true)]
    public void InLaterStages_TwoAndMoreThanFivePerCent_StopIt(int devices, int fail, bool stops)
    {
        var fleet = new PlayedFleet(1, devices);
        fleet.Course = fleet.Course with { Plan = fleet.Course.Plan with { AtOnce = 200 } };
        fleet.Step();
        fleet.AllDo();
        fleet.Step();
        Assert.Equal(devices, fleet.Step(30).Count);
        fleet.AllDo();
        foreach (int i in Enumerable.Range(1, fail))
        {
            fleet.Answer($"d{i}", CommandState.Failed, UpdateReasons.Download);
        }

        fleet.Step(1);
        Assert.Equal(stops ? RolloutState.Stopped : RolloutState.Running, fleet.Course.State);
    }

    [Fact]
    public void ALessonIsWaitedFor_ADeviceThatIsAwayIsNot_AndGetsItWhenItComesBack()
    {
        var fleet = new PlayedFleet(2, 2);
        fleet["d0"] = fleet["d0"] with { InLesson = true };
        fleet["d1"] = fleet["d1"] with { Online = false };
        Assert.Empty(fleet.Step());
        Assert.Empty(fleet.Step(600));
        Assert.Equal(0, fleet.Course.Stage);
        fleet["d0"] = fleet["d0"] with { InLesson = false };
        Assert.Equal(["d0"], fleet.Step(1));
        fleet.Answer("d0", CommandState.Failed, UpdateReasons.InLesson); // the device knew better
        fleet.Step(1);
        Assert.Equal(["d0"], fleet.Step(2));
        fleet.AllDo();
        fleet.Step(1);
        Assert.Equal(["d2", "d3"], fleet.Step(30));
        fleet.AllDo();
        fleet.Step(1);
        fleet.Step(30);
        Assert.Equal((RolloutState.Done, MemberState.Waiting), (fleet.Course.State, fleet.Member("d1").State));
        fleet["d1"] = fleet["d1"] with { Online = true };
        Assert.Equal(["d1"], fleet.Step(3000));
        fleet.AllDo();
        fleet.Step(1);
        Assert.Equal(MemberState.Done, fleet.Member("d1").State);
    }

    [Fact]
    public void AFirstStageThatIsAwayAltogether_IsNotPassedOver_ButAPersonMayGoOn()
    {
        var fleet = new PlayedFleet(1, 2);
        fleet["d0"] = fleet["d0"] with { Online = false };
        Assert.Empty(fleet.Step(1000));
        Assert.Equal(0, fleet.Course.Stage);
        fleet.Course = fleet.Course.OnAdvance();
        Assert.Equal(["d1", "d2"], fleet.Step());
    }

    [Fact]
    public void WhoHasItAlreadyIsDone_WhoCannotOrIsDisabledIsSkipped()
    {
        var fleet = new PlayedFleet(3);
        fleet["d0"] = fleet["d0"] with { Version = PlayedFleet.New };
        fleet["d1"] = fleet["d1"] with { Gone = true };
        Assert.Equal(["d2"], fleet.Step());
        fleet.Answer("d2", CommandState.Failed, UpdateReasons.NotReplaceable);
        fleet.Step(1);
        Assert.Equal(
            [(MemberState.Done, MemberReasons.Already), (MemberState.Skipped, MemberReasons.Disabled), (MemberState.Skipped, UpdateReasons.NotReplaceable)],
            fleet.Course.Members.Select(m => (m.State, m.Reason!)));
        Assert.Equal(RolloutState.Done, fleet.Course.State);
    }

    [Fact]
    public void WhatGoesWrongAfterwards_WithinTheWatchingTime_IsAFailure()
    {
        foreach (string what in new[] { MemberReasons.FellBack, MemberReasons.Unwell, MemberReasons.NotSeen })
        {
            var fleet = new PlayedFleet(1, 1);
            fleet.Step();
            fleet.AllDo();
            if (what == MemberReasons.NotSeen)
            {
                fleet["d0"] = fleet["d0"] with { Version = PlayedFleet.Old };
            }

            fleet.Step();
            fleet["d0"] = what switch
            {
                MemberReasons.FellBack => fleet["d0"] with { Version = PlayedFleet.Old },
                MemberReasons.Unwell => fleet["d0"] with { UnwellSince = fleet.Now.AddMinutes(3) },
                _ => fleet["d0"],
            };
            fleet.Step(11);
            Assert.Equal((MemberState.Failed, what, RolloutState.Stopped), (fleet.Member("d0").State, fleet.Member("d0").Reason, fleet.Course.State));
        }

        var old = new PlayedFleet(1, 1);
        old["d0"] = old["d0"] with { UnwellSince = old.Now.AddHours(-3) }; // was unwell before
        old.Step();
        old.AllDo();
        old.Step(1);
        Assert.Equal(["d1"], old.Step(30));
    }

    [Fact]
    public void AnUpdatedDeviceThatGoesAway_HoldsTheFirstStage_UntilItIsBack()
    {
        var fleet = new PlayedFleet(2, 2);
        fleet.Step();
        fleet.AllDo();
        fleet.Step(1);
        fleet["d0"] = fleet["d0"] with { Online = false };
        Assert.Empty(fleet.Step(300));
        fleet["d0"] = fleet["d0"] with { Online = true };
        Assert.Equal(["d2", "d3"], fleet.Step(1));
    }

    [Fact]
    public void ADeviceThatIsThereAndNeverTakesIt_FailsAfterThreeTries_OneThatWentAwayDoesNot()
    {
        var fleet = new PlayedFleet(2);
        for (int i = 0; i < 5; i++)
        {
            fleet.Step(10);
            fleet["d1"] = fleet["d1"] with { Online = false };
            fleet.Answer("d0", CommandState.Expired, CommandReasons.NoAnswer);
            fleet.Answer("d1", CommandState.Expired, CommandReasons.NotReached);
            fleet.Step(1);
            fleet["d1"] = fleet["d1"] with { Online = true };
        }

        Assert.Equal((MemberState.Failed, 3), (fleet.Member("d0").State, fleet.Member("d0").Tries));
        Assert.NotEqual(MemberState.Failed, fleet.Member("d1").State);
    }

    [Fact]
    public void PausedAndStopped_AskNobody_ButHearWhatComes()
    {
        foreach (bool stop in new[] { true, false })
        {
            var fleet = new PlayedFleet(1, 3);
            fleet.Step();
            fleet.Course = stop ? fleet.Course.OnStop(RolloutStop.Person) : fleet.Course.OnPause();
            fleet.AllDo();
            Assert.Empty(fleet.Step(1));
            Assert.Empty(fleet.Step(60));
            Assert.Equal(MemberState.Done, fleet.Member("d0").State);
            fleet.Course = fleet.Course.OnResume();
            Assert.Equal(3, fleet.Step().Count);
        }
    }

    [Fact]
    public void OutsideItsHours_NobodyIsAsked()
    {
        var fleet = new PlayedFleet(1);
        Assert.Empty(fleet.Step(0, allowed: false));
        Assert.Single(fleet.Step());
        var night = new RolloutHours(new TimeOnly(22, 0), new TimeOnly(5, 30));
        Assert.True(night.Cover(new TimeOnly(23, 0)) && night.Cover(new TimeOnly(5, 29)) && !night.Cover(new TimeOnly(5, 30)) && !night.Cover(new TimeOnly(12, 0)));
        var noon = new RolloutHours(new TimeOnly(11, 0), new TimeOnly(13, 0));
        Assert.True(noon.Cover(new TimeOnly(11, 0)) && !noon.Cover(new TimeOnly(13, 0)));
    }

    [Fact]
    public void FailedOnes_AreAskedAgain_WhenAPersonWantsIt()
    {
        var fleet = new PlayedFleet(1);
        Assert.Same(fleet.Course, fleet.Course.OnRetry());
        fleet.Step();
        fleet.Answer("d0", CommandState.Failed, UpdateReasons.NoSpace);
        fleet.Step(1);
        fleet.Course = fleet.Course.OnRetry();
        Assert.Equal(RolloutState.Running, fleet.Course.State);
        Assert.Equal(["d0"], fleet.Step());
        fleet.AllDo();
        fleet.Step(1);
        fleet.Step(30);
        Assert.Equal(RolloutState.Done, fleet.Course.State);
    }
}
