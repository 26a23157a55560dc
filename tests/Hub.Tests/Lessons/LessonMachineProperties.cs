using FsCheck;
using FsCheck.Fluent;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Lessons;

namespace ThreeClassrooms.Hub.Tests.Lessons;

/// <summary>What holds for any events in any order.</summary>
public sealed class LessonMachineProperties
{
    private static readonly Dictionary<LessonPhase, LessonPhase[]> Legal = new()
    {
        [LessonPhase.Planned] = [LessonPhase.Ready, LessonPhase.Cancelled],
        [LessonPhase.Ready] = [LessonPhase.Live, LessonPhase.Cancelled, LessonPhase.Missed],
        [LessonPhase.Live] = [LessonPhase.Interrupted, LessonPhase.Ended],
        [LessonPhase.Interrupted] = [LessonPhase.Live, LessonPhase.Ended],
        [LessonPhase.Ended] = [LessonPhase.Judged],
        [LessonPhase.Judged] = [],
        [LessonPhase.Cancelled] = [],
        [LessonPhase.Missed] = [],
    };

    private static readonly Gen<(int Minutes, int What, string Seat, bool Flag)> AnyInput =
        from minutes in Gen.Choose(0, 6)
        from what in Gen.Choose(0, 15)
        from seat in Gen.Elements("host", "r1", "r2", "r9")
        from flag in Gen.Elements(true, false)
        select (minutes, what, seat, flag);

    private static readonly Arbitrary<(int Minutes, int What, string Seat, bool Flag)[]> AnyLesson = AnyInput.ArrayOf(60).ToArbitrary();

    [Fact]
    public void AnyOrderOfEvents_TakesLegalStepsOnly_AndReplaysToTheSameState() => Prop.ForAll(AnyLesson, inputs =>
    {
        LessonMachine machine = LessonMachineTests.Machine(byTimetable: inputs.Length % 2 == 0);
        List<LessonFact> facts = [];
        DateTimeOffset now = LessonMachineTests.Bell.AddMinutes(-15);
        foreach ((int minutes, int what, string seat, bool flag) in inputs)
        {
            now = now.AddSeconds(minutes * 20);
            Feed(machine, now, what, seat, flag);
            while (machine.TryTake(out LessonFact fact))
            {
                facts.Add(fact);
            }
        }

        LessonState state = LessonState.Initial;
        foreach (LessonFact fact in facts)
        {
            LessonState next = state.Apply(fact);
            Assert.Equal(state.Sequence + 1, next.Sequence);
            Assert.True(next.Phase == state.Phase || Legal[state.Phase].Contains(next.Phase), $"{state.Phase} -> {next.Phase} by {fact.Kind}");
            state = next;
        }

        Assert.Equal(Text(machine.State), Text(state));
        Assert.True(state.Floor is null || (state.IsOn && state.Floor is "r1" or "r2"));
        Assert.True(state.StartedAt is null == state.Phase is LessonPhase.Planned or LessonPhase.Ready or LessonPhase.Cancelled or LessonPhase.Missed);
        return true;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void OnlyTheSeatItself_OpensItsMicrophone() => Prop.ForAll(AnyLesson, inputs =>
    {
        LessonMachine machine = LessonMachineTests.Machine();
        DateTimeOffset now = LessonMachineTests.Bell.AddMinutes(-10);
        machine.OnTime(now, null);
        machine.OnStart("lecturer", now);
        machine.OnMute("r1", "r1", true, now);
        foreach ((int minutes, int what, string seat, bool flag) in inputs.Where(i => !(i.What == 8 && i.Seat == "r1")))
        {
            now = now.AddSeconds(minutes);
            Feed(machine, now, what, seat, flag);
        }

        return machine.State.Muted.Contains("r1");
    }).QuickCheckThrowOnFailure();

    private static void Feed(LessonMachine machine, DateTimeOffset now, int what, string seat, bool flag)
    {
        switch (what)
        {
            case 0 or 1 or 2:
                machine.OnTime(now, flag ? LessonMachineTests.Bell.AddMinutes(45) : null);
                break;
            case 3:
                machine.OnStart("lecturer", now);
                break;
            case 4:
                machine.OnStream($"{seat}-camera", flag, true, now);
                break;
            case 5:
                machine.OnHand(seat, flag, now);
                break;
            case 6:
                machine.OnGrantFloor(seat, now);
                break;
            case 7:
                machine.OnTakeFloor(now);
                break;
            case 8:
                machine.OnMute(seat, seat, flag, now);
                break;
            case 9:
                machine.OnMute("host", seat, flag && seat != "host", now);
                break;
            case 10:
                machine.OnSeat(seat, flag, now);
                break;
            case 11:
                machine.OnExtend(now, null);
                break;
            case 12:
                machine.OnHubRestart(now);
                break;
            case 13:
                machine.OnFirstPicture(seat, 300, now);
                break;
            case 14:
                Rarely(flag, () => machine.OnStop(now));
                break;
            case 15:
                Rarely(flag, () => machine.OnJudged("Valid", 1, now));
                break;
        }
    }

    private static void Rarely(bool flag, Func<LessonRefusal?> act)
    {
        if (flag)
        {
            act();
        }
    }

    private static void Rarely(bool flag, Action act)
    {
        if (flag)
        {
            act();
        }
    }

    /// <summary>All of a state: the collections inside compare by reference otherwise.</summary>
    private static string Text(LessonState s) => string.Join(
        '|', s.Sequence, s.Phase, s.StartedAt, s.EndedAt, s.Extended, s.Floor, s.Overdue, s.HostAwaySince, s.JudgedRevision,
        string.Join(',', s.Hands), string.Join(',', s.Muted), string.Join(',', s.Online), string.Join(',', s.Streams), string.Join(',', s.SeenPicture));
}
