using FsCheck;
using FsCheck.Fluent;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Devices.Commands;
using ThreeClassrooms.Hub.Devices.Link;

namespace ThreeClassrooms.Hub.Tests.Devices.Commands;

/// <summary>What holds for any events in any order.</summary>
public sealed class CommandCourseProperties
{
    private static readonly Dictionary<CommandState, CommandState[]> Legal = new()
    {
        [CommandState.Queued] = [CommandState.Sent, CommandState.Acked, CommandState.Done, CommandState.Failed, CommandState.Expired, CommandState.Cancelled],
        [CommandState.Sent] = [CommandState.Acked, CommandState.Done, CommandState.Failed, CommandState.Expired],
        [CommandState.Acked] = [CommandState.Done, CommandState.Failed, CommandState.Expired],
        [CommandState.Done] = [],
        [CommandState.Failed] = [],
        [CommandState.Expired] = [CommandState.Done, CommandState.Failed],
        [CommandState.Cancelled] = [CommandState.Done, CommandState.Failed],
    };

    private static readonly DeviceStart[] Starts = [new(Guid.NewGuid(), Guid.NewGuid()), new(Guid.NewGuid(), null), new(Guid.NewGuid(), Guid.NewGuid())];

    private static readonly Gen<(int Seconds, int What, int Which)> AnyEvent =
        from seconds in Gen.Choose(0, 40)
        from what in Gen.Choose(0, 4)
        from which in Gen.Choose(0, 5)
        select (seconds, what, which);

    private static readonly Arbitrary<(CommandKind Kind, (int Seconds, int What, int Which)[] Events)> AnyCourse = (
        from kind in Gen.Elements(Enum.GetValues<CommandKind>())
        from events in AnyEvent.ArrayOf(30)
        select (kind, events)).ToArbitrary();

    [Fact]
    public void OnlyLegalSteps_TimesInOrder_AndTheSameEventTwiceIsTheSameAsOnce() => Prop.ForAll(AnyCourse, any =>
    {
        CommandCourse course = CommandCourseTests.Course(any.Kind);
        DateTimeOffset now = CommandCourseTests.Asked;
        foreach ((int seconds, int what, int which) in any.Events)
        {
            now = now.AddSeconds(seconds);
            CommandCourse next = Feed(course, what, which, now);
            Assert.True(next.State == course.State || Legal[course.State].Contains(next.State), $"{course.State} -> {next.State}");
            Assert.Equal(next, Feed(next, what, which, now));
            Assert.Equal(next.IsOpen, next.FinishedAt is null);
            Assert.Equal(next.IsOpen, next.Deadline is not null);
            Assert.True(next.State is CommandState.Failed or CommandState.Expired == next.Reason is not null);
            Assert.True(next.State != CommandState.Done || (next.SentAt is not null && next.AckedAt >= next.SentAt && next.FinishedAt >= next.AckedAt));
            course = next;
        }

        // Whatever happened, time alone ends it.
        Assert.False(course.OnTime(now.AddHours(1)).IsOpen);
        return true;
    }).QuickCheckThrowOnFailure();

    private static CommandCourse Feed(CommandCourse course, int what, int which, DateTimeOffset now) => what switch
    {
        0 => course.OnSend((FleetSend)(which % 5), Starts[which % 3], now),
        1 => course.OnResult((CommandOutcome)(which % 5), which == 5 ? "error" : null, now),
        2 => course.OnBirth(Starts[which % 3], now),
        3 => course.OnTime(now),
        _ => course.OnCancel(now),
    };
}
