using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Devices.Commands;
using ThreeClassrooms.Hub.Devices.Link;

namespace ThreeClassrooms.Hub.Tests.Devices.Commands;

public sealed class CommandCourseTests
{
    internal static readonly DateTimeOffset Asked = new(2026, 9, 7, 2, 0, 0, TimeSpan.Zero);

    private static readonly DeviceStart Before = new(Guid.NewGuid(), Guid.NewGuid());

    [Fact]
    public void QueuedSentAckedDone_EachWithItsTime()
    {
        CommandCourse course = Course(CommandKind.SelfCheck);
        Assert.True(course.WantsSending(At(0)));
        course = course.OnSend(FleetSend.Sent, Before, At(1));
        Assert.False(course.WantsSending(At(1)));
        course = course.OnResult(CommandOutcome.Accepted, null, At(2));
        course = course.OnResult(CommandOutcome.Done, null, At(3));
        Assert.Equal((CommandState.Done, At(1), At(2), At(3), null), (course.State, course.SentAt, course.AckedAt, course.FinishedAt, course.Reason));
    }

    [Fact]
    public void WithoutABrokerOrDevice_ItWaits_AndIsGivenUpWhenItExpires()
    {
        CommandCourse course = Course(CommandKind.Identify).OnSend(FleetSend.NotConnected, null, At(1)).OnSend(FleetSend.NobodyListens, null, At(6));
        Assert.True(course.WantsSending(At(59)));
        Assert.Same(course, course.OnTime(At(59)));
        Assert.Equal((CommandState.Expired, CommandReasons.NotReached), (course.OnTime(At(60)).State, course.OnTime(At(60)).Reason));
    }

    [Fact]
    public void SentButNotAnswered_AndBegunButNotEnded_AreGivenUpWithTheirOwnReasons()
    {
        CommandCourse sent = Course(CommandKind.SelfCheck).OnSend(FleetSend.Sent, null, At(1));
        Assert.Same(sent, sent.OnTime(At(74)));
        Assert.Equal(CommandReasons.NoAnswer, sent.OnTime(At(75)).Reason);
        CommandCourse acked = sent.OnResult(CommandOutcome.Accepted, null, At(2));
        Assert.Same(acked, acked.OnTime(At(134)));
        Assert.Equal((CommandState.Expired, CommandReasons.NoResult), (acked.OnTime(At(135)).State, acked.OnTime(At(135)).Reason));
    }

    [Fact]
    public void AnswersOfADevice_TheirReasons_AndWhatIsNoWord()
    {
        CommandCourse sent = Course(CommandKind.SetMute).OnSend(FleetSend.Sent, null, At(1));
        Assert.Equal((CommandState.Failed, "inLesson"), Outcome(sent.OnResult(CommandOutcome.Failed, "inLesson", At(2))));
        Assert.Equal((CommandState.Failed, CommandReasons.Other), Outcome(sent.OnResult(CommandOutcome.Failed, "<b>1 2</b>", At(2))));
        Assert.Equal((CommandState.Failed, CommandReasons.Other), Outcome(sent.OnResult(CommandOutcome.Failed, null, At(2))));
        Assert.Equal((CommandState.Failed, CommandReasons.Unsupported), Outcome(sent.OnResult(CommandOutcome.Unsupported, null, At(2))));
        Assert.Equal((CommandState.Expired, CommandReasons.TooLate), Outcome(sent.OnResult(CommandOutcome.Expired, null, At(2))));

        static (CommandState, string?) Outcome(CommandCourse course) => (course.State, course.Reason);
    }

    [Fact]
    public void ARestartIsDone_WhenTheAgentCameBackAnew_AReboot_WhenTheMachineDid()
    {
        CommandCourse restart = Acked(CommandKind.RestartAgent);
        Assert.Same(restart, restart.OnBirth(Before, At(5)));
        Assert.Same(restart, restart.OnBirth(Before with { Agent = null }, At(5)));
        Assert.Equal(CommandState.Done, restart.OnBirth(Before with { Agent = Guid.NewGuid() }, At(5)).State);
        CommandCourse reboot = Acked(CommandKind.Reboot);
        Assert.Same(reboot, reboot.OnBirth(Before with { Agent = Guid.NewGuid() }, At(5)));
        Assert.Equal(CommandState.Done, reboot.OnBirth(new DeviceStart(Guid.NewGuid(), null), At(5)).State);
        CommandCourse check = Acked(CommandKind.SelfCheck);
        Assert.Same(check, check.OnBirth(new DeviceStart(Guid.NewGuid(), Guid.NewGuid()), At(5)));
    }

    [Fact]
    public void OnlyWhatNobodyHas_CanBeTakenBack()
    {
        CommandCourse queued = Course(CommandKind.RestartAgent);
        Assert.Equal(CommandState.Cancelled, queued.OnCancel(At(1)).State);
        CommandCourse sent = queued.OnSend(FleetSend.Sent, null, At(1));
        Assert.Same(sent, sent.OnCancel(At(2)));
    }

    [Fact]
    public void AResultThatComesLate_CorrectsWhatWasGivenUp()
    {
        CommandCourse expired = Acked(CommandKind.SelfCheck).OnTime(At(500));
        Assert.Equal(CommandState.Expired, expired.State);
        Assert.Equal((CommandState.Done, null), (expired.OnResult(CommandOutcome.Done, null, At(600)).State, expired.OnResult(CommandOutcome.Done, null, At(600)).Reason));
    }

    [Fact]
    public void TheHubWasKilledBetweenSendingAndNotingIt_TheAnswerCountsAllTheSame()
    {
        CommandCourse course = Course(CommandKind.SelfCheck).OnResult(CommandOutcome.Accepted, null, At(3));
        Assert.Equal((CommandState.Acked, At(3)), (course.State, course.SentAt));
    }

    internal static CommandCourse Course(CommandKind kind) => new(kind, Asked, Asked.AddSeconds(60), Asked.AddSeconds(120));

    internal static DateTimeOffset At(double seconds) => Asked.AddSeconds(seconds);

    private static CommandCourse Acked(CommandKind kind) => Course(kind).OnSend(FleetSend.Sent, Before, At(1)).OnResult(CommandOutcome.Accepted, null, At(2));
}
