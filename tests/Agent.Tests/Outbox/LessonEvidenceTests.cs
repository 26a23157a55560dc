using System.Text.Json;
using ThreeClassrooms.Agent.Outbox;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Tests.Outbox;

public sealed class LessonEvidenceTests
{
    private static readonly DateTimeOffset Bell = new(2026, 9, 7, 2, 0, 0, TimeSpan.Zero);
    private static readonly Guid Lesson = Guid.NewGuid(), Next = Guid.NewGuid();

    [Fact]
    public void MorningWithoutHub_IsWrittenDown()
    {
        using var scene = new OutboxScene();
        var evidence = new LessonEvidence(scene.Store);
        evidence.Attend(Lesson, "host", Bell);
        for (int second = 0; second <= 50; second++)
        {
            evidence.Attend(Lesson, "host", Bell.AddSeconds(second));
            evidence.Keep(recorded: true, linked: false, Bell.AddSeconds(second));
        }

        evidence.Attend(Next, "host", Bell.AddSeconds(51));
        evidence.Attend(null, null, Bell.AddSeconds(60));
        scene.HandIn();
        Assert.Equal(
            [(Lesson, AttendanceChange.Attends), (Lesson, AttendanceChange.Left), (Next, AttendanceChange.Attends), (Next, AttendanceChange.Left)],
            Of<AttendanceRecord>(scene, RecordTypes.Attendance).Select(a => (a.LessonId, a.Change)));
        RecordingRecord[] kept = [.. Of<RecordingRecord>(scene, RecordTypes.Recording)];
        Assert.All(kept, r => Assert.True(r.LessonId == Lesson && !r.Linked));
        Assert.Equal((Bell, Bell.AddSeconds(50)), (kept[0].From, kept[^1].To));
        Assert.All(kept.Zip(kept.Skip(1)), p => Assert.Equal(p.First.To, p.Second.From));
    }

    [Fact]
    public void AgentStartedAgainMidLesson_SaysSo()
    {
        using var scene = new OutboxScene();
        new LessonEvidence(scene.Store).Attend(Lesson, "r1", Bell);
        scene.StartAgain();
        var evidence = new LessonEvidence(scene.Store);
        evidence.Attend(Lesson, "r1", Bell.AddMinutes(1));
        evidence.CutOff(Bell.AddMinutes(2));
        evidence.Joined(Bell.AddMinutes(3));
        evidence.Attend(null, null, Bell.AddMinutes(4));
        scene.StartAgain();
        new LessonEvidence(scene.Store).Attend(Next, "r1", Bell.AddMinutes(5));
        scene.HandIn();
        Assert.Equal(
            [AttendanceChange.Attends, AttendanceChange.Restarted, AttendanceChange.CutOff, AttendanceChange.Joined, AttendanceChange.Left, AttendanceChange.Attends],
            Of<AttendanceRecord>(scene, RecordTypes.Attendance).Select(a => a.Change));
    }

    [Fact]
    public void RecordingThatStops_OrFindsTheHubAgain_EndsThePiece()
    {
        var progress = new RecordingProgress();
        Assert.Null(progress.OnTime(true, false, Bell));
        Assert.Null(progress.OnTime(true, false, Bell.AddSeconds(3)));
        Assert.Equal((Bell, Bell.AddSeconds(4), false), progress.OnTime(true, true, Bell.AddSeconds(4)));
        Assert.Null(progress.OnTime(true, true, Bell.AddSeconds(6)));
        Assert.Equal((Bell.AddSeconds(4), Bell.AddSeconds(6), true), progress.OnTime(false, true, Bell.AddSeconds(8)));
        Assert.Null(progress.OnTime(false, true, Bell.AddSeconds(9)));

        // The machine slept: nobody knows what was recorded meanwhile.
        Assert.Null(progress.OnTime(true, true, Bell.AddSeconds(10)));
        Assert.Null(progress.OnTime(true, true, Bell.AddSeconds(12)));
        Assert.Equal((Bell.AddSeconds(10), Bell.AddSeconds(12), true), progress.OnTime(true, true, Bell.AddHours(1)));
    }

    private static IEnumerable<T> Of<T>(OutboxScene scene, string type) =>
        scene.Hub.Kept.Where(r => r.Type == type).OrderBy(r => r.Sequence).Select(r => JsonSerializer.Deserialize<T>(r.Payload, Wire.Json)!);
}
