using ThreeClassrooms.Agent.Joining;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Tests.Joining;

public class LessonAttendanceTests
{
    private static readonly DateTimeOffset Bell = new(2026, 3, 2, 1, 0, 0, TimeSpan.Zero);

    [Fact]
    public void LongBeforeTheBell_NothingHappens()
    {
        var attendance = Receiving();
        Assert.Empty(attendance.OnTimetable(Lessons.Timetable(Bell), Bell.AddMinutes(-11)));
        Assert.Equal(AttendanceStage.Idle, attendance.Stage);
    }

    [Fact]
    public void TenMinutesBefore_TheDeviceChecksItself_AndReceivingRoomsDoNotJoinYet()
    {
        var attendance = Receiving();
        attendance.OnTimetable(Lessons.Timetable(Bell), Bell.AddMinutes(-11));
        attendance.OnLink(true, Bell.AddMinutes(-11));

        var steps = attendance.OnTime(Bell.AddMinutes(-10));

        Assert.IsType<AttendanceStep.CheckReadiness>(Assert.Single(steps));
        Assert.Equal(AttendanceStage.Preflight, attendance.Stage);
        Assert.Empty(attendance.OnTime(Bell.AddMinutes(-3)));
    }

    [Fact]
    public void TwoMinutesBefore_ItJoinsAndShowsTheCard()
    {
        var attendance = Receiving();
        attendance.OnTimetable(Lessons.Timetable(Bell), Bell.AddMinutes(-10));
        attendance.OnLink(true, Bell.AddMinutes(-10));

        var steps = attendance.OnTime(Bell.AddMinutes(-2));

        Assert.Contains(steps, s => s is AttendanceStep.Join);
        Assert.Contains(steps, s => s is AttendanceStep.ShowCard);
        Assert.Equal(AttendanceStage.Waiting, attendance.Stage);
    }

    [Fact]
    public void MainDevice_JoinsAndPublishesWhenTheRoomOpens()
    {
        var attendance = new LessonAttendance(DeviceRole.Main, watches: false, publishes: () => true);
        attendance.OnTimetable(Lessons.Timetable(Bell, "host"), Bell.AddMinutes(-10));
        Assert.Contains(attendance.OnLink(true, Bell.AddMinutes(-10)), s => s is AttendanceStep.Join);

        var steps = attendance.OnJoined(Lessons.Joined("host", Lessons.Snapshot(Bell, LessonPhase.Ready)), Bell.AddMinutes(-9));

        Assert.Equal("host-camera", Assert.Single(steps.OfType<AttendanceStep.StartPublishing>()).StreamId);
    }

    [Fact]
    public void MainDevice_LeavesTheStreamToTheLecturersBrowser_AndTakesItBackAfterAWhile()
    {
        var attendance = new LessonAttendance(DeviceRole.Main, watches: false, publishes: () => true);
        attendance.OnTimetable(Lessons.Timetable(Bell, "host"), Bell);
        attendance.OnLink(true, Bell);
        attendance.OnJoined(Lessons.Joined("host", Lessons.Snapshot(Bell, LessonPhase.Live)), Bell);

        var taken = attendance.OnSnapshot(Lessons.Snapshot(Bell, LessonPhase.Live, 2, host: [Lessons.Camera("host", StreamSource.Browser)]), Bell.AddSeconds(1));
        Assert.Empty(attendance.OnTime(Bell.AddSeconds(10)));
        var gone = attendance.OnSnapshot(Lessons.Snapshot(Bell, LessonPhase.Live, 3), Bell.AddSeconds(10));
        var back = attendance.OnTime(Bell.AddSeconds(16));

        Assert.IsType<AttendanceStep.StopPublishing>(Assert.Single(taken));
        Assert.Empty(gone);
        Assert.IsType<AttendanceStep.StartPublishing>(Assert.Single(back));
    }

    [Fact]
    public void ReceivingRoom_WatchesTheHostsStreams_AndTheFloorsCamera_ButNotItsOwn()
    {
        var attendance = Live(out var now);
        StreamState[] host = [Lessons.Camera("host"), Lessons.Screen("host")];

        var steps = attendance.OnSnapshot(Lessons.Snapshot(Bell, LessonPhase.Live, 5, floor: "r2", host: host, r1: [Lessons.Camera("r1")], r2: [Lessons.Camera("r2")]), now);
        var own = attendance.OnSnapshot(Lessons.Snapshot(Bell, LessonPhase.Live, 6, floor: "r1", host: host, r1: [Lessons.Camera("r1")], r2: [Lessons.Camera("r2")]), now);

        Assert.Equal(["host-screen", "r2-camera"], steps.OfType<AttendanceStep.StartWatching>().Select(s => s.StreamId));
        Assert.Equal("r2-camera", Assert.IsType<AttendanceStep.StopWatching>(Assert.Single(own)).StreamId);
    }

    [Fact]
    public void HostsCameraThatVanishes_IsWatchedOnForTenSeconds()
    {
        var attendance = Live(out var now);
        Assert.Empty(attendance.OnSnapshot(Lessons.Snapshot(Bell, LessonPhase.Interrupted, 5, r1: [Lessons.Camera("r1")]), now));
        Assert.Empty(attendance.OnTime(now.AddSeconds(9)));
        Assert.IsType<AttendanceStep.StopWatching>(Assert.Single(attendance.OnTime(now.AddSeconds(11))));
    }

    [Fact]
    public void LinkLostAndBack_JoinsAgain_AndKeepsTheMediaMeanwhile()
    {
        var attendance = Live(out var now);
        Assert.Empty(attendance.OnLink(false, now));
        Assert.Empty(attendance.OnTime(now.AddSeconds(20)));

        var steps = attendance.OnLink(true, now.AddSeconds(21));

        Assert.IsType<AttendanceStep.Join>(Assert.Single(steps));
    }

    [Fact]
    public void StreamTheHubHasForgotten_IsPublishedAgain()
    {
        var attendance = Live(out var now);
        attendance.OnLink(true, now);
        attendance.OnTime(now);
        // The hub restarted: versions begin anew and our stream is not listed.
        attendance.OnJoined(Lessons.Joined("r1", Lessons.Snapshot(Bell, LessonPhase.Live, 1, host: [Lessons.Camera("host")])), now);

        Assert.Empty(attendance.OnTime(now.AddSeconds(3)));
        Assert.IsType<AttendanceStep.PublishAgain>(Assert.Single(attendance.OnTime(now.AddSeconds(6))));
        Assert.Empty(attendance.OnTime(now.AddSeconds(7)));
    }

    [Fact]
    public void RestartInTheMiddle_JoinsAtOnce_FromTheLocalTimetable()
    {
        var attendance = Receiving();
        attendance.OnTimetable(Lessons.Timetable(Bell), Bell.AddMinutes(20));

        Assert.Contains(attendance.OnLink(true, Bell.AddMinutes(20)), s => s is AttendanceStep.Join);
    }

    [Fact]
    public void RefusedJoin_IsTriedAgainAfterTwoSeconds_AndAnUnknownLessonRefreshesTheTimetable()
    {
        var attendance = Receiving();
        attendance.OnTimetable(Lessons.Timetable(Bell), Bell);
        attendance.OnLink(true, Bell);

        Assert.IsType<AttendanceStep.RefreshTimetable>(Assert.Single(attendance.OnJoinRefused(LessonRefusal.UnknownLesson, Bell)));
        Assert.Empty(attendance.OnTime(Bell.AddSeconds(1)));
        Assert.IsType<AttendanceStep.Join>(Assert.Single(attendance.OnTime(Bell.AddSeconds(2))));
    }

    [Theory]
    [InlineData(LessonPhase.Ended)]
    [InlineData(LessonPhase.Judged)]
    [InlineData(LessonPhase.Cancelled)]
    [InlineData(LessonPhase.Missed)]
    public void WhenTheHubSaysItIsOver_EverythingStops_AndItIsNotJoinedAgain(LessonPhase phase)
    {
        var attendance = Live(out var now);

        var steps = attendance.OnSnapshot(Lessons.Snapshot(Bell, phase, 9), now);

        Assert.Contains(steps, s => s is AttendanceStep.StopPublishing);
        Assert.Contains(steps, s => s is AttendanceStep.StopWatching);
        Assert.Contains(steps, s => s is AttendanceStep.Leave);
        Assert.Equal(AttendanceStage.Done, attendance.Stage);
        Assert.Empty(attendance.OnTime(now.AddSeconds(1)));
    }

    [Fact]
    public void BackToBackLessons_TheSecondWaitsUntilTheFirstIsOver()
    {
        var attendance = Receiving();
        DateTimeOffset second = Bell.AddMinutes(45);
        DeviceTimetable timetable = Lessons.Timetable(Bell);
        timetable = timetable with { Occurrences = [timetable.Occurrences[0], timetable.Occurrences[0] with { LessonId = Guid.NewGuid(), StartsAt = second, EndsAt = second.AddMinutes(40) }] };
        attendance.OnTimetable(timetable, Bell);
        attendance.OnLink(true, Bell);
        attendance.OnJoined(Lessons.Joined("r1", Lessons.Snapshot(Bell, LessonPhase.Live)), Bell);

        attendance.OnTime(second.AddMinutes(-5));
        Assert.Equal(Lessons.Id, attendance.Lesson!.LessonId);

        attendance.OnSnapshot(Lessons.Snapshot(Bell, LessonPhase.Ended, 9), second.AddMinutes(-4));
        Assert.Equal(timetable.Occurrences[1].LessonId, attendance.Lesson!.LessonId);
    }

    [Fact]
    public void HubAwayForGood_TheLessonEndsByTheLocalTimetable()
    {
        var attendance = Live(out var now);
        attendance.OnLink(false, now);

        Assert.Empty(attendance.OnTime(Bell.AddMinutes(49)));
        Assert.Contains(attendance.OnTime(Bell.AddMinutes(51)), s => s is AttendanceStep.ShowIdle);
    }

    [Fact]
    public void CancelledBeforeTheBell_IsNotAttended()
    {
        var attendance = Receiving();
        DeviceTimetable timetable = Lessons.Timetable(Bell);
        Assert.Empty(attendance.OnTimetable(timetable with { Occurrences = [timetable.Occurrences[0] with { Phase = LessonPhase.Cancelled }] }, Bell));
    }

    [Fact]
    public void OlderSnapshot_IsIgnored()
    {
        var attendance = Live(out var now);
        Assert.Empty(attendance.OnSnapshot(Lessons.Snapshot(Bell, LessonPhase.Ended, 1), now));
        Assert.Equal(AttendanceStage.Live, attendance.Stage);
    }

    [Fact]
    public void OverByTheClockAlone_ComesBackWhenTheClockDoes()
    {
        var attendance = Receiving();
        attendance.OnTimetable(Lessons.Timetable(Bell), Bell.AddMinutes(-5));
        attendance.OnTime(Bell.AddHours(8));
        Assert.Null(attendance.Lesson);

        attendance.OnTime(Bell.AddMinutes(-4));

        Assert.Equal(Lessons.Id, attendance.Lesson?.LessonId);
        Assert.Contains(attendance.OnLink(true, Bell.AddMinutes(-2)), s => s is AttendanceStep.Join);
    }

    [Fact]
    public void LessonChosenByAWrongClock_IsLeftForTheOneThatIsOn()
    {
        DeviceTimetable timetable = Lessons.Timetable(Bell);
        DeviceOccurrence afternoon = timetable.Occurrences[0] with { LessonId = Guid.NewGuid(), StartsAt = Bell.AddHours(8), EndsAt = Bell.AddHours(8).AddMinutes(40) };
        var attendance = Receiving();
        attendance.OnTimetable(timetable with { Occurrences = [.. timetable.Occurrences, afternoon] }, Bell.AddHours(8));
        Assert.Equal(afternoon.LessonId, attendance.Lesson?.LessonId);

        Assert.Contains(attendance.OnTime(Bell.AddMinutes(1)), s => s is AttendanceStep.CheckReadiness { Lesson.LessonId: var id } && id == Lessons.Id);
        Assert.Contains(attendance.OnLink(true, Bell.AddMinutes(1)), s => s is AttendanceStep.Join join && join.LessonId == Lessons.Id);
    }

    [Fact]
    public void LessonMovedBeforeItIsJoined_GivesWayToAnEarlierOne()
    {
        DeviceTimetable timetable = Lessons.Timetable(Bell);
        var attendance = Receiving();
        attendance.OnTimetable(timetable, Bell.AddMinutes(-9));
        DeviceOccurrence earlier = timetable.Occurrences[0] with { LessonId = Guid.NewGuid(), StartsAt = Bell.AddMinutes(-5), EndsAt = Bell.AddMinutes(35) };
        DeviceOccurrence moved = timetable.Occurrences[0] with { StartsAt = Bell.AddHours(1), EndsAt = Bell.AddHours(2) };
        attendance.OnTimetable(timetable with { Occurrences = [moved, earlier] }, Bell.AddMinutes(-8));
        Assert.Equal(earlier.LessonId, attendance.Lesson?.LessonId);
    }

    [Fact]
    public void ClockSetBack_MakesNoWaitLonger()
    {
        var attendance = Receiving();
        attendance.OnTimetable(Lessons.Timetable(Bell), Bell.AddMinutes(30));
        attendance.OnLink(true, Bell.AddMinutes(30));
        attendance.OnJoinRefused(LessonRefusal.NotNow, Bell.AddMinutes(30));

        attendance.OnTime(Bell.AddMinutes(2));

        Assert.IsType<AttendanceStep.Join>(Assert.Single(attendance.OnTime(Bell.AddMinutes(2).AddSeconds(2))));
    }

    [Fact]
    public void StopThatIsTakenBack_BringsTheDeviceBack()
    {
        var attendance = Live(out var now);
        attendance.OnSnapshot(Lessons.Snapshot(Bell, LessonPhase.Ended, 9), now);
        DeviceTimetable timetable = Lessons.Timetable(Bell);
        Assert.Contains(
            attendance.OnTimetable(timetable with { Occurrences = [timetable.Occurrences[0] with { Phase = LessonPhase.Live }] }, now.AddSeconds(20)), s => s is AttendanceStep.Join);
    }

    [Fact]
    public void CutOffAtTheEndOfALesson_TheNextOneIsNotLate()
    {
        DeviceTimetable timetable = Lessons.Timetable(Bell, "host");
        DeviceOccurrence next = timetable.Occurrences[0] with { LessonId = Guid.NewGuid(), StartsAt = Bell.AddMinutes(45), EndsAt = Bell.AddMinutes(85) };
        var attendance = new LessonAttendance(DeviceRole.Main, watches: false, publishes: () => true);
        attendance.OnTimetable(timetable with { Occurrences = [timetable.Occurrences[0] with { Phase = LessonPhase.Live }, next] }, Bell);
        attendance.OnLink(true, Bell);
        attendance.OnJoined(Lessons.Joined("host", Lessons.Snapshot(Bell, LessonPhase.Live)), Bell);
        attendance.OnLink(false, Bell.AddMinutes(30));
        attendance.OnTime(Bell.AddMinutes(43).AddSeconds(1));
        Assert.Equal(next.LessonId, attendance.Lesson?.LessonId);
        Assert.True(attendance.Records(Bell.AddMinutes(43).AddSeconds(1)));
        attendance.OnTime(Bell.AddMinutes(50));
        Assert.Equal(next.LessonId, attendance.Lesson?.LessonId);
    }

    [Fact]
    public void CameraUnpluggedInALesson_TakesItsStreamDown_AndBringsItBackWithItself()
    {
        bool gives = false;
        var attendance = new LessonAttendance(DeviceRole.Receiving, watches: false, publishes: () => gives);
        attendance.OnTimetable(Lessons.Timetable(Bell), Bell);
        attendance.OnLink(true, Bell);
        Assert.DoesNotContain(attendance.OnJoined(Lessons.Joined("r1", Lessons.Snapshot(Bell, LessonPhase.Live)), Bell), s => s is AttendanceStep.StartPublishing);

        gives = true;
        Assert.IsType<AttendanceStep.StartPublishing>(Assert.Single(attendance.OnTime(Bell.AddSeconds(3))));
        gives = false;
        Assert.IsType<AttendanceStep.StopPublishing>(Assert.Single(attendance.OnTime(Bell.AddSeconds(60))));
        gives = true;
        Assert.IsType<AttendanceStep.StartPublishing>(Assert.Single(attendance.OnTime(Bell.AddSeconds(90))));
    }

    private static LessonAttendance Receiving() => new(DeviceRole.Receiving, watches: true, publishes: () => true);

    /// <summary>A receiving room in a live lesson, publishing and watching the host's camera; version 4.</summary>
    private static LessonAttendance Live(out DateTimeOffset now)
    {
        now = Bell.AddMinutes(5);
        var attendance = Receiving();
        attendance.OnTimetable(Lessons.Timetable(Bell), now);
        attendance.OnLink(true, now);
        var steps = attendance.OnJoined(Lessons.Joined("r1", Lessons.Snapshot(Bell, LessonPhase.Live, 4, host: [Lessons.Camera("host")], r1: [Lessons.Camera("r1")])), now);
        Assert.Contains(steps, s => s is AttendanceStep.StartPublishing);
        Assert.Contains(steps, s => s is AttendanceStep.StartWatching);
        Assert.Contains(steps, s => s is AttendanceStep.ShowLesson);
        return attendance;
    }
}
