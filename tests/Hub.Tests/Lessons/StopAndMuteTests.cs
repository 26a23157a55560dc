using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Lessons;

namespace ThreeClassrooms.Hub.Tests.Lessons;

/// <summary>Stops that are taken back, and mutes that are taken back where they were given.</summary>
public sealed class StopAndMuteTests
{
    private static readonly DateTimeOffset Bell = new(2026, 9, 7, 1, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Stop_CanBeTakenBackForAMinute_AndTheLessonGoesOn()
    {
        LessonMachine machine = Live();
        Assert.Null(machine.OnStop(Bell.AddMinutes(1)));
        Assert.Equal((true, false, LessonPhase.Live), (machine.State.IsOn, machine.State.IsTeaching, machine.State.Phase));
        Assert.Equal(LessonRefusal.NotNow, machine.OnGrantFloor("r1", Bell.AddMinutes(1)));
        machine.OnTime(Bell.AddMinutes(1).AddSeconds(59), null);
        Assert.Null(machine.OnTakeBackStop(Bell.AddMinutes(1).AddSeconds(59)));
        machine.OnTime(Bell.AddMinutes(10), null);
        Assert.True(machine.State.IsTeaching);
        Assert.Equal(LessonRefusal.NotNow, machine.OnTakeBackStop(Bell.AddMinutes(10)));
    }

    [Fact]
    public void StopThatIsNotTakenBack_EndsTheLessonAtTheMomentOfTheStop()
    {
        LessonMachine machine = Live();
        machine.OnStop(Bell.AddMinutes(35));
        machine.OnTime(Bell.AddMinutes(36), null);
        Assert.Equal((LessonPhase.Ended, Bell.AddMinutes(35)), (machine.State.Phase, machine.State.EndedAt));
        Assert.Equal(LessonRefusal.NotNow, machine.OnTakeBackStop(Bell.AddMinutes(36)));
    }

    [Fact]
    public void StopShortlyBeforeTheNextLesson_IsFinalWhenThatNeedsTheRooms()
    {
        LessonMachine machine = Live();
        machine.OnStop(Bell.AddMinutes(40).AddSeconds(-10));
        machine.OnTime(Bell.AddMinutes(40), Bell.AddMinutes(40));
        Assert.Equal(LessonPhase.Ended, machine.State.Phase);
    }

    [Fact]
    public void WhileStopped_NothingIsForwardedOrRecorded_AlsoAfterARestartOfTheHub()
    {
        LessonMachine machine = Live();
        machine.OnStop(Bell.AddMinutes(1));
        Assert.True(machine.TryTake(out LessonFact stopped));
        Assert.Contains(new LessonStep.Pause(true), LessonStep.After(stopped, machine.State));
        Assert.Contains(new LessonStep.Record(false), LessonStep.After(stopped, machine.State));
        Assert.Contains(new LessonStep.Pause(true), LessonStep.ToResume(machine.State));
        Assert.DoesNotContain(new LessonStep.Record(true), LessonStep.ToResume(machine.State));
    }

    [Fact]
    public void MuteGivenOnThePage_IsTakenBackOnThePage_AndOneGivenAtTheDeviceThere()
    {
        LessonMachine machine = Live();
        machine.OnMute("host", "host", true, Bell, atDevice: false);
        machine.OnMute("host", "host", true, Bell, atDevice: true);
        machine.OnMute("host", "host", false, Bell, atDevice: false);
        Assert.True(machine.State.IsMuted("host"));
        LessonFact last = Drain(machine)[^1];
        Assert.Equal([new LessonStep.Silence("host", true)], LessonStep.After(last, machine.State));
        machine.OnMute("host", "host", false, Bell, atDevice: true);
        Assert.False(machine.State.IsMuted("host"));
        Assert.Equal([new LessonStep.Silence("host", false)], LessonStep.After(Drain(machine)[^1], machine.State));
    }

    private static LessonMachine Live()
    {
        var plan = new LessonPlan(Guid.NewGuid(), Bell, Bell.AddMinutes(40), false, ["host", "r1"]);
        TimeSpan minute = TimeSpan.FromMinutes(1);
        var rules = new LessonRules(10 * minute, 5 * minute, 15 * minute, 10 * minute, minute, 10 * minute, minute);
        var machine = new LessonMachine(plan, rules, LessonState.Initial);
        machine.OnTime(Bell, null);
        machine.OnStream("host-camera", true, true, Bell);
        machine.OnStart("lecturer", Bell);
        Drain(machine);
        return machine;
    }

    private static List<LessonFact> Drain(LessonMachine machine)
    {
        List<LessonFact> facts = [];
        while (machine.TryTake(out LessonFact fact))
        {
            facts.Add(fact);
        }

        return facts;
    }
}
