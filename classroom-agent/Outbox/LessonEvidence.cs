using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Outbox;

/// <summary>Writes down what the device did and saw in its lessons. One owner.</summary>
internal sealed class LessonEvidence(OutboxStore outbox)
{
    private const string Attending = "attending";

    private readonly RecordingProgress _recording = new();
    private (Guid Lesson, string Seat)? _attended;

    /// <summary>Which lesson is attended now; null: none. May be called as often as one likes.</summary>
    /// <param name="now">By the hub's clock, like all times here.</param>
    public void Attend(Guid? lessonId, string? seatId, DateTimeOffset now)
    {
        if (lessonId == _attended?.Lesson)
        {
            return;
        }

        if (_attended is not null)
        {
            Keep(recorded: false, linked: false, now);
            Write(AttendanceChange.Left, now, null);
            _attended = null;
        }

        if (lessonId is { } lesson && seatId is { } seat)
        {
            // The name of the lesson is in the same commit as the record that it was begun: whoever finds it was interrupted.
            string mark = lesson.ToString();
            AttendanceChange change = outbox.State(Attending) == mark ? AttendanceChange.Restarted : AttendanceChange.Attends;
            _attended = (lesson, seat);
            Write(change, now, mark);
        }
    }

    public void Joined(DateTimeOffset now) => Note(AttendanceChange.Joined, now);

    public void CutOff(DateTimeOffset now) => Note(AttendanceChange.CutOff, now);

    public void Reception(Guid lessonId, string seatId, ReceptionReport report) =>
        outbox.Append(EvidenceStreams.Evidence, RecordTypes.Reception, new ReceptionRecord(lessonId, seatId, report));

    public void Readiness(Guid lessonId, string seatId, Readiness readiness) =>
        outbox.Append(EvidenceStreams.Evidence, RecordTypes.Readiness, new ReadinessRecord(lessonId, seatId, readiness));

    /// <summary>Call every second or so while a lesson is attended.</summary>
    /// <param name="recorded">The local recording was written within the last seconds.</param>
    /// <param name="linked">The hub can be reached.</param>
    public void Keep(bool recorded, bool linked, DateTimeOffset now)
    {
        if (_attended is var (lesson, seat) && _recording.OnTime(recorded, linked, now) is { } part)
        {
            outbox.Append(EvidenceStreams.Evidence, RecordTypes.Recording, new RecordingRecord(lesson, seat, part.From, part.To, part.Linked));
        }
    }

    private void Note(AttendanceChange change, DateTimeOffset now)
    {
        if (_attended is var (lesson, _))
        {
            Write(change, now, lesson.ToString());
        }
    }

    private void Write(AttendanceChange change, DateTimeOffset now, string? mark)
    {
        (Guid lesson, string seat) = _attended!.Value;
        outbox.Append(EvidenceStreams.Evidence, RecordTypes.Attendance, new AttendanceRecord(lesson, seat, change, now), Attending, mark);
    }
}
