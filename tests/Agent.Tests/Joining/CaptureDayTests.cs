using Microsoft.Extensions.Logging.Abstractions;
using ThreeClassrooms.Agent.Capture;
using ThreeClassrooms.Agent.Joining;
using ThreeClassrooms.Agent.Tests.Enrolment;
using ThreeClassrooms.Agent.Timetable;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.TestKit.Time;

namespace ThreeClassrooms.Agent.Tests.Joining;

/// <summary>A day in virtual time: when is the camera open, when is something kept?</summary>
public sealed class CaptureDayTests
{
    private static readonly DateTimeOffset Midnight = new(2026, 3, 1, 16, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Bell = Midnight.AddHours(9);

    [Theory]
    [InlineData(DeviceRole.Receiving, true)]
    [InlineData(DeviceRole.Receiving, false)]
    [InlineData(DeviceRole.Main, true)]
    [InlineData(DeviceRole.Main, false)]
    public async Task NothingIsCapturedOutsideLessons_AndOnlyTheLecturersRoomKeepsThem(DeviceRole role, bool hubIsThere)
    {
        using var folder = new TemporaryFolder();
        var time = new ManualTime(Midnight);
        var capture = new CaptureLoop(new SourceSpec(SourceKind.Test), new CaptureOptions(), time, NullLogger.Instance);
        LocalRecording? recording = role == DeviceRole.Main ? new LocalRecording(new RecordingOptions(), folder.Path, new HubClock(time), time, NullLogger.Instance) : null;
        using var stop = new CancellationTokenSource();
        Task kept = recording?.RunAsync(stop.Token) ?? Task.CompletedTask;
        if (recording is not null)
        {
            capture.Add(recording);
        }

        var attendance = new LessonAttendance(role, watches: role == DeviceRole.Receiving, publishes: () => true);
        using var held = new LessonCapture(capture, recording);
        string seat = role == DeviceRole.Main ? "host" : "r1";
        attendance.OnTimetable(Lessons.Timetable(Bell, seat), time.Now);
        if (hubIsThere)
        {
            attendance.OnLink(true, time.Now);
        }

        List<DateTimeOffset> open = [], on = [];
        for (int second = 0; time.Now < Midnight.AddDays(1); second++)
        {
            IReadOnlyList<AttendanceStep> steps = attendance.OnTime(time.Now);
            if (steps.Any(s => s is AttendanceStep.Join))
            {
                attendance.OnJoined(Lessons.Joined(seat, Lessons.Snapshot(Bell, PhaseAt(time.Now))), time.Now);
            }
            else if (attendance is { Joined: true })
            {
                attendance.OnSnapshot(Lessons.Snapshot(Bell, PhaseAt(time.Now), second + 2), time.Now);
            }

            held.Follow(attendance.Captures(time.Now), attendance.Records(time.Now));
            if (capture.IsOpen)
            {
                open.Add(time.Now);
            }

            if (recording?.IsOn == true)
            {
                on.Add(time.Now);
            }

            time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal((Bell.AddMinutes(-10), Bell.AddMinutes(40).AddSeconds(-1)), (open[0], open[^1]));
        Assert.Equal(50 * 60, open.Count);
        if (role == DeviceRole.Main)
        {
            Assert.Equal((Bell.AddMinutes(-2), Bell.AddMinutes(40).AddSeconds(-1)), (on[0], on[^1]));
        }
        else
        {
            Assert.Empty(on);
            Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
        }

        await stop.CancelAsync();
        await kept;
    }

    private static LessonPhase PhaseAt(DateTimeOffset now) => now >= Bell.AddMinutes(40) ? LessonPhase.Ended : now >= Bell ? LessonPhase.Live : LessonPhase.Ready;
}
