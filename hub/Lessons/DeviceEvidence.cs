using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Attendance;
using ThreeClassrooms.Hub.Credit;
using ThreeClassrooms.Hub.Credit.Judging;
using ThreeClassrooms.Hub.Devices;
using ThreeClassrooms.Hub.Devices.Inbox;
using ThreeClassrooms.Hub.Storage;
using ThreeClassrooms.Hub.Timetable;

namespace ThreeClassrooms.Hub.Lessons;

/// <summary>
/// Turns what devices hand in into the lesson's evidence, each record once. What the same device tells over its live connection is for the
/// eyes of those in the lesson only, so nothing counts twice. A lesson already judged is judged again.
/// </summary>
internal sealed class DeviceEvidence(LessonDirector director, CreditPolicy policy) : IRecordEffect
{
    /// <summary>Younger than this nobody calls it late.</summary>
    private static readonly TimeSpan LateAfter = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan LongestRecording = TimeSpan.FromMinutes(1) + TimeSpan.FromSeconds(5);

    public IReadOnlyCollection<string> Types { get; } = [RecordTypes.Attendance, RecordTypes.Reception, RecordTypes.Readiness, RecordTypes.Recording];

    public async Task ApplyAsync(HubDbContext db, DeviceCaller device, IReadOnlyList<ReceivedRecord> records, CancellationToken cancel)
    {
        List<(ReceivedRecord Record, SeatRecord Said)> read = [];
        foreach (ReceivedRecord record in records)
        {
            if (SeatRecord.Read(record.Row) is { } said)
            {
                read.Add((record, said));
            }
            else
            {
                record.Row.Outcome = InboxOutcome.Implausible;
            }
        }

        Guid[] ids = [.. read.Select(r => r.Said.LessonId).Distinct()];
        var lessons = await db.Set<Occurrence>().AsNoTracking().Where(o => ids.Contains(o.Id))
            .Select(o => new { o.Id, o.EndsAt, o.EndedAt, Seats = o.Participations.Where(p => p.ClassroomId == device.ClassroomId).Select(p => new { p.SeatId, p.Role }).ToList() })
            .ToDictionaryAsync(o => o.Id, cancel);
        foreach ((ReceivedRecord record, SeatRecord said) in read)
        {
            bool host = device.Role == DeviceRole.Main;
            record.Row.Outcome =
                !lessons.TryGetValue(said.LessonId, out var lesson) || !lesson.Seats.Any(s => s.SeatId == said.SeatId && s.Role == SeatRole.Host == host) ? InboxOutcome.NotItsSeat
                : record.Row.ReceivedAt >= EvidenceWindow.ClosesAt(lesson.EndsAt, lesson.EndedAt, policy) ? InboxOutcome.TooLate
                : Apply(db, record, said, host);
        }
    }

    public void OnCommitted(IReadOnlyList<ReceivedRecord> records)
    {
        foreach (Guid lesson in records.Where(r => r.Row.Outcome == InboxOutcome.Applied).Select(r => SeatRecord.Read(r.Row)!.LessonId).Distinct())
        {
            director.PostEvidence(lesson);
        }
    }

    private static InboxOutcome Apply(HubDbContext db, ReceivedRecord record, SeatRecord said, bool host)
    {
        switch (said.Body)
        {
            case AttendanceRecord attendance:
                db.Add(Report(record, said, KindOf(attendance.Change), attendance.At, null));
                return InboxOutcome.Applied;
            case ReadinessRecord { Readiness: { } readiness }:
                db.Add(Report(record, said, SeatReportKind.Readiness, readiness.CheckedAt, ReadinessSummary.Of(readiness)));
                return InboxOutcome.Applied;
            case ReceptionRecord { Report: { } report }:
                return Receive(db, record, said, report with { From = report.From + record.Time.Shift, To = report.To + record.Time.Shift }, host);
            case RecordingRecord recording:
                return Keep(db, record, said, recording.From + record.Time.Shift, recording.To + record.Time.Shift, recording.Linked);
            default:
                return InboxOutcome.Implausible;
        }
    }

    private static InboxOutcome Receive(HubDbContext db, ReceivedRecord record, SeatRecord said, ReceptionReport report, bool host)
    {
        if (!ReceptionRules.IsPlausible(report, record.Row.ReceivedAt))
        {
            return InboxOutcome.Implausible;
        }

        if (host || StreamIds.SeatOf(report.StreamId) != LessonPlan.Host)
        {
            return InboxOutcome.Kept; // who listens to a classroom says nothing about the lesson
        }

        EvidenceInterval claim = Interval(record, said, EvidenceKind.Receiving, report.From, report.To);
        (claim.Seen, claim.Heard, claim.StreamId) = (ReceptionRules.Sees(report), ReceptionRules.Hears(report), report.StreamId);
        claim.Good = claim.Seen.Value || claim.Heard.Value;
        db.Add(claim);
        return InboxOutcome.Applied;
    }

    /// <summary>While the hub was there it saw for itself; only what it could not see is evidence.</summary>
    private static InboxOutcome Keep(HubDbContext db, ReceivedRecord record, SeatRecord said, DateTimeOffset from, DateTimeOffset to, bool linked)
    {
        if (to <= from || to - from > LongestRecording || to > record.Row.ReceivedAt.AddSeconds(5))
        {
            return InboxOutcome.Implausible;
        }

        if (linked)
        {
            return InboxOutcome.Kept;
        }

        db.Add(Interval(record, said, EvidenceKind.Recording, from, to));
        return InboxOutcome.Applied;
    }

    private static EvidenceInterval Interval(ReceivedRecord record, SeatRecord said, EvidenceKind kind, DateTimeOffset from, DateTimeOffset to) => new()
    {
        LessonId = said.LessonId,
        SeatId = said.SeatId,
        Source = EvidenceSource.Agent,
        Kind = kind,
        DeviceId = record.Row.DeviceId,
        Good = true,
        From = from,
        To = to,
        RecordedAt = record.Row.ReceivedAt,
    };

    private static SeatReport Report(ReceivedRecord record, SeatRecord said, SeatReportKind kind, DateTimeOffset at, string? text)
    {
        DateTimeOffset corrected = at + record.Time.Shift;
        return new SeatReport
        {
            LessonId = said.LessonId,
            SeatId = said.SeatId,
            Kind = kind,
            At = corrected,
            ErrorMs = record.Time.ErrorMs,
            Text = text,
            Late = record.Row.Historical || record.Row.ReceivedAt > corrected + LateAfter,
            RecordedAt = record.Row.ReceivedAt,
        };
    }

    private static SeatReportKind KindOf(AttendanceChange change) => change switch
    {
        AttendanceChange.Attends => SeatReportKind.Attends,
        AttendanceChange.Joined => SeatReportKind.Joined,
        AttendanceChange.CutOff => SeatReportKind.CutOff,
        AttendanceChange.Restarted => SeatReportKind.Restarted,
        AttendanceChange.Left => SeatReportKind.Left,
    };

    /// <summary>What all of these payloads have in common.</summary>
    private sealed record SeatRecord(Guid LessonId, string SeatId, object Body)
    {
        /// <summary>Far from both ends of what a database can hold, so that a shifted time still fits.</summary>
        private static readonly DateTimeOffset Earliest = new(1970, 1, 1, 0, 0, 0, TimeSpan.Zero), Latest = new(2200, 1, 1, 0, 0, 0, TimeSpan.Zero);

        /// <returns>Null when the payload is not what its type promises.</returns>
        public static SeatRecord? Read(InboxRecord row)
        {
            try
            {
                return row.Type switch
                {
                    RecordTypes.Attendance => Of(Parse<AttendanceRecord>(row), r => (r.LessonId, r.SeatId), r => [r.At]),
                    RecordTypes.Reception => Of(Parse<ReceptionRecord>(row), r => (r.LessonId, r.SeatId), r => [r.Report.From, r.Report.To]),
                    RecordTypes.Readiness => Of(Parse<ReadinessRecord>(row), r => (r.LessonId, r.SeatId), r => [r.Readiness.CheckedAt]),
                    RecordTypes.Recording => Of(Parse<RecordingRecord>(row), r => (r.LessonId, r.SeatId), r => [r.From, r.To]),
                    _ => null,
                };
            }
            catch (JsonException)
            {
                return null;
            }
        }

        private static T? Parse<T>(InboxRecord row)
            where T : class => JsonSerializer.Deserialize<T>(row.Payload, DeviceJson.Options);

        private static SeatRecord? Of<T>(T? body, Func<T, (Guid Lesson, string Seat)> where, Func<T, DateTimeOffset[]> times)
            where T : class =>
            body is not null && where(body) is var (lesson, seat) && times(body).All(t => t >= Earliest && t < Latest) ? new SeatRecord(lesson, seat, body) : null;
    }
}
