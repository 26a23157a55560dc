using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Lessons;

namespace ThreeClassrooms.Hub.Tests.Lessons;

public sealed class LessonMachineTests
{
    internal static readonly DateTimeOffset Bell = new(2026, 9, 7, 1, 0, 0, TimeSpan.Zero);

    internal static readonly LessonRules Rules = new(
        OpenBefore: TimeSpan.FromMinutes(10), ExtensionStep: TimeSpan.FromMinutes(5), ExtensionLimit: TimeSpan.FromMinutes(15),
        OverrunLimit: TimeSpan.FromMinutes(10), Bridge: TimeSpan.FromSeconds(60), StartGrace: TimeSpan.FromMinutes(10));

    private readonly List<LessonFact> _facts = [];

    internal static LessonMachine Machine(bool byTimetable = false) => new(
        new LessonPlan(Guid.NewGuid(), Bell, Bell.AddMinutes(40), byTimetable, ["host", "r1", "r2"]), Rules, LessonState.Initial);

    [Fact]
    public void Room_OpensTenMinutesBeforeTheBell()
    {
        LessonMachine machine = Machine();
        machine.OnTime(Min(-10.1), null);
        Assert.Equal(LessonPhase.Planned, machine.State.Phase);
        machine.OnTime(Min(-10), null);
        Assert.Equal(LessonPhase.Ready, machine.State.Phase);
        Assert.IsType<LessonStep.OpenMedia>(Assert.Single(LessonStep.After(Facts(machine)[^1], machine.State)));
    }

    [Fact]
    public void Start_IsRefusedBeforeTheRoomIsOpen_AndRecordsWhenItIs()
    {
        LessonMachine machine = Machine();
        Assert.Equal(LessonRefusal.NotNow, machine.OnStart("lecturer", Min(-20)));
        LessonMachine live = Live();
        Assert.Equal(LessonPhase.Live, live.State.Phase);
        Assert.Equal(Min(0), live.State.StartedAt);
        Assert.Contains(_facts.SelectMany(f => LessonStep.After(f, live.State)), s => s is LessonStep.Record { On: true });
    }

    [Fact]
    public void Timetable_StartsOnlyWithTheHostsStream()
    {
        LessonMachine machine = Machine(byTimetable: true);
        machine.OnTime(Min(-5), null);
        machine.OnTime(Min(1), null);
        Assert.Equal(LessonPhase.Ready, machine.State.Phase);
        machine.OnStream("host-camera", true, true, Min(2));
        machine.OnTime(Min(2), null);
        Assert.Equal(LessonPhase.Live, machine.State.Phase);
        machine.OnTime(Min(40), null);
        Assert.Equal(LessonPhase.Ended, machine.State.Phase);
        Assert.Equal("plannedEnd", Facts(machine)[^1].Text);
    }

    [Fact]
    public void NobodyStarts_AlertAfterTheGrace_MissedAtTheEnd()
    {
        LessonMachine machine = Machine();
        machine.OnTime(Min(-1), null);
        machine.OnTime(Min(9.9), null);
        Assert.False(machine.State.Overdue);
        machine.OnTime(Min(10), null);
        Assert.True(machine.State.Overdue);
        Assert.Equal(LessonPhase.Ready, machine.State.Phase);
        machine.OnTime(Min(40), null);
        Assert.Equal(LessonPhase.Missed, machine.State.Phase);
        Assert.Equal(LessonRefusal.NotNow, machine.OnStart("lecturer", Min(41)));
    }

    [Fact]
    public void HostAway_InterruptsAfterTheBridge_AndResumes()
    {
        LessonMachine machine = Live();
        machine.OnStream("host-camera", false, true, Min(10));
        machine.OnTime(Min(10.9), null);
        Assert.Equal(LessonPhase.Live, machine.State.Phase);
        machine.OnTime(Min(11), null);
        Assert.Equal(LessonPhase.Interrupted, machine.State.Phase);
        machine.OnStream("host-camera", true, true, Min(18));
        Assert.Equal(LessonPhase.Live, machine.State.Phase);
    }

    [Fact]
    public void HostSwitchesFromCameraToScreen_IsNotAway()
    {
        LessonMachine machine = Live();
        machine.OnStream("host-screen", true, false, Min(5));
        machine.OnStream("host-camera", false, true, Min(6));
        machine.OnTime(Min(20), null);
        Assert.Equal(LessonPhase.Live, machine.State.Phase);
    }

    [Fact]
    public void Extend_AddsFiveMinutes_UpToTheLimit_AndNotIntoTheNextLesson()
    {
        LessonMachine machine = Live();
        Assert.Equal(LessonRefusal.NextLessonTooClose, machine.OnExtend(Min(35), Min(44)));
        Assert.Null(machine.OnExtend(Min(35), Min(45)));
        Assert.Equal(Min(45), machine.EndsAt);
        Assert.Null(machine.OnExtend(Min(36), null));
        Assert.Null(machine.OnExtend(Min(37), null));
        Assert.Equal(LessonRefusal.AlreadyExtendedToLimit, machine.OnExtend(Min(38), null));
    }

    [Fact]
    public void Overrun_EndsAtItsLimit_OrWhenTheNextLessonNeedsTheRoom()
    {
        LessonMachine machine = Live();
        machine.OnTime(Min(49.9), null);
        Assert.True(machine.State.IsOn);
        machine.OnTime(Min(50), null);
        Assert.Equal(LessonPhase.Ended, machine.State.Phase);

        LessonMachine tight = Live();
        tight.OnTime(Min(44), Min(45));
        Assert.True(tight.State.IsOn);
        tight.OnTime(Min(45), Min(45));
        Assert.Equal(LessonPhase.Ended, tight.State.Phase);
    }

    [Fact]
    public void GrantedFloor_LowersTheHand_AndOpensNoMicrophone()
    {
        LessonMachine machine = Live();
        machine.OnMute("r1", "r1", true, Min(1));
        machine.OnHand("r1", true, Min(2));
        Assert.Null(machine.OnGrantFloor("r1", Min(3)));
        Assert.Equal("r1", machine.State.Floor);
        Assert.Empty(machine.State.Hands);
        Assert.Contains("r1", machine.State.Muted);
        Assert.Equal(LessonRefusal.UnknownSeat, machine.OnGrantFloor("host", Min(4)));
        Assert.Equal(LessonRefusal.UnknownSeat, machine.OnGrantFloor("r9", Min(4)));
    }

    [Fact]
    public void Microphone_IsOpenedByItsOwnSeatOnly()
    {
        LessonMachine machine = Live();
        Assert.Null(machine.OnMute("host", "r1", true, Min(1)));
        Assert.Equal(LessonRefusal.NotAllowed, machine.OnMute("host", "r1", false, Min(2)));
        Assert.Equal(LessonRefusal.NotAllowed, machine.OnMute("r2", "r1", true, Min(2)));
        machine.OnSeat("r1", true, Min(3));
        machine.OnSeat("r1", false, Min(4));
        machine.OnSeat("r1", true, Min(5));
        Assert.Contains("r1", machine.State.Muted);
        Assert.Null(machine.OnMute("r1", "r1", false, Min(6)));
        Assert.DoesNotContain("r1", machine.State.Muted);
    }

    [Fact]
    public void Cancel_IsPossibleUntilTheStartOnly()
    {
        LessonMachine machine = Machine();
        Assert.Null(machine.OnCancel("停电", Min(-60)));
        Assert.Equal(LessonPhase.Cancelled, machine.State.Phase);
        Assert.Equal(LessonRefusal.NotNow, Live().OnCancel("停电", Min(5)));
    }

    [Fact]
    public void HubComesBack_SameLesson_NobodyConnected()
    {
        LessonMachine machine = Live();
        machine.OnSeat("r1", true, Min(1));
        machine.OnMute("host", "r2", true, Min(2));
        machine.OnHand("r2", true, Min(2));
        machine.OnGrantFloor("r1", Min(3));
        machine.OnExtend(Min(4), null);
        LessonState before = machine.State;
        LessonState replayed = Facts(machine).Aggregate(LessonState.Initial, (s, f) => s.Apply(f));
        var again = new LessonMachine(machine.Plan, Rules, replayed);
        again.OnHubRestart(Min(5));
        Assert.Equal(LessonPhase.Live, again.State.Phase);
        Assert.Equal("r1", again.State.Floor);
        Assert.Equal(before.Hands, again.State.Hands);
        Assert.Equal(before.Muted, again.State.Muted);
        Assert.Equal(Min(45), again.EndsAt);
        Assert.Empty(again.State.Online);
        Assert.Collection(
            LessonStep.ToResume(again.State),
            s => Assert.IsType<LessonStep.OpenMedia>(s),
            s => Assert.Equal(new LessonStep.GiveFloor("r1"), s),
            s => Assert.Equal(new LessonStep.Silence("r2", true), s),
            s => Assert.Equal(new LessonStep.Record(true), s));

        // The host has the bridge's time to come back before the lesson counts as interrupted.
        again.OnTime(Min(5.9), null);
        Assert.Equal(LessonPhase.Live, again.State.Phase);
        again.OnTime(Min(6), null);
        Assert.Equal(LessonPhase.Interrupted, again.State.Phase);
    }

    private LessonMachine Live()
    {
        LessonMachine machine = Machine();
        machine.OnTime(Min(-10), null);
        machine.OnStream("host-camera", true, true, Min(-1));
        Assert.Null(machine.OnStart("lecturer", Min(0)));
        Facts(machine);
        return new LessonMachine(machine.Plan, Rules, machine.State);
    }

    private List<LessonFact> Facts(LessonMachine machine)
    {
        while (machine.TryTake(out LessonFact fact))
        {
            _facts.Add(fact);
        }

        return _facts;
    }

    internal static DateTimeOffset Min(double minutes) => Bell.AddMinutes(minutes);
}
