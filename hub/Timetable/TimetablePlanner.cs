using System.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Schools;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Timetable;

/// <summary>Why the timetable was not changed.</summary>
internal enum TimetableRefusal
{
    /// <summary>The end is not after the start, the lesson is longer than 4 h, or it is over already.</summary>
    BadTimes,

    /// <summary>Subject or topic is empty or too long.</summary>
    BadText,

    UnknownClassroom,
    UnknownTeacher,

    /// <summary>A lesson has one host and 1 to 8 receiving classrooms, each once.</summary>
    BadSeats,

    ClassroomTaken,
    LecturerTaken,
    UnknownLesson,

    /// <summary>It is over, or was cancelled before.</summary>
    TooLate,

    /// <summary>A cancellation needs a reason of 2 to 500 characters.</summary>
    ReasonMissing,
}

/// <param name="SchoolClassId">Which class listens; null when not known.</param>
internal sealed record NewReceiver(Guid ClassroomId, Guid? SchoolClassId = null, Guid? AssistantId = null);

/// <param name="StandardPeriod">From the policy in force.</param>
internal sealed record NewOccurrence(
    LessonMode Mode, string Subject, string Topic, Stage Stage, Guid LecturerId, Guid HostClassroomId, IReadOnlyList<NewReceiver> Receivers,
    DateTimeOffset StartsAt, DateTimeOffset EndsAt, TimeSpan StandardPeriod)
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public Guid? HostClassId { get; init; }

    public bool StartsByTimetable { get; init; }
}

/// <summary>Puts dated lessons into the timetable and takes them out. A double booking is refused here and by the database.</summary>
internal sealed class TimetablePlanner(HubDbContext db, TimetableNews news, AuditTrail audit, TimeProvider clock)
{
    private const int MaxReceivers = 8;

    public async Task<Result<Occurrence, TimetableRefusal>> CreateAsync(NewOccurrence wanted, Caller? caller = null)
    {
        if (Check(wanted) is { } fault)
        {
            return fault;
        }

        await using IDbContextTransaction transaction = await db.Database.BeginTransactionAsync(IsolationLevel.Serializable);
        if (await CheckStoredAsync(wanted) is { } conflict)
        {
            return conflict;
        }

        Occurrence occurrence = Make(wanted);
        db.Add(occurrence);
        audit.Add(AuditAction.CreatedLesson, caller?.AccountId, caller?.Login ?? "operator", wanted.Id.ToString());
        try
        {
            await db.SaveChangesAsync();
            await transaction.CommitAsync();
        }
        catch (DbUpdateException)
        {
            // Another writer was quicker; the database's own guard spoke.
            db.ChangeTracker.Clear();
            return TimetableRefusal.ClassroomTaken;
        }

        news.Tell(occurrence.Id);
        return occurrence;
    }

    /// <summary>因故停课: possible until the lesson is over.</summary>
    public async Task<Result<Occurrence, TimetableRefusal>> CancelAsync(Guid id, string reason, Caller? caller = null)
    {
        if (reason.Trim().Length is < 2 or > 500)
        {
            return TimetableRefusal.ReasonMissing;
        }

        Occurrence? occurrence = await db.Set<Occurrence>().Include(o => o.Participations).SingleOrDefaultAsync(o => o.Id == id);
        if (occurrence is null)
        {
            return TimetableRefusal.UnknownLesson;
        }

        if (occurrence.Phase is not (LessonPhase.Planned or LessonPhase.Ready))
        {
            return TimetableRefusal.TooLate;
        }

        occurrence.Phase = LessonPhase.Cancelled;
        occurrence.CancelReason = reason.Trim();
        occurrence.CancelledAt = clock.GetUtcNow();
        occurrence.CancelledById = caller?.AccountId;
        occurrence.Participations.ForEach(p => p.Booked = false);
        audit.Add(AuditAction.CancelledLesson, caller?.AccountId, caller?.Login ?? "operator", id.ToString(), occurrence.CancelReason);
        await db.SaveChangesAsync();
        news.Tell(id);
        return occurrence;
    }

    private TimetableRefusal? Check(NewOccurrence wanted)
    {
        TimeSpan length = wanted.EndsAt - wanted.StartsAt;
        if (length <= TimeSpan.Zero || length > TimeSpan.FromHours(4) || wanted.EndsAt <= clock.GetUtcNow())
        {
            return TimetableRefusal.BadTimes;
        }

        if (wanted.Subject.Trim().Length is < 1 or > 40 || wanted.Topic.Trim().Length is < 1 or > 120)
        {
            return TimetableRefusal.BadText;
        }

        var rooms = wanted.Receivers.Select(r => r.ClassroomId).Append(wanted.HostClassroomId).ToHashSet();
        return wanted.Receivers.Count is < 1 or > MaxReceivers || rooms.Count != wanted.Receivers.Count + 1 ? TimetableRefusal.BadSeats : null;
    }

    private async Task<TimetableRefusal?> CheckStoredAsync(NewOccurrence wanted)
    {
        Guid[] rooms = [wanted.HostClassroomId, .. wanted.Receivers.Select(r => r.ClassroomId)];
        if (await db.Set<Classroom>().CountAsync(c => rooms.Contains(c.Id)) != rooms.Length)
        {
            return TimetableRefusal.UnknownClassroom;
        }

        Guid[] teachers = [.. wanted.Receivers.Select(r => r.AssistantId).OfType<Guid>().Append(wanted.LecturerId).Distinct()];
        if (await db.Set<Teacher>().CountAsync(t => teachers.Contains(t.Id)) != teachers.Length)
        {
            return TimetableRefusal.UnknownTeacher;
        }

        if (await db.Set<Participation>().AnyAsync(p =>
            p.Booked && rooms.Contains(p.ClassroomId) && p.StartsAt < wanted.EndsAt && wanted.StartsAt < p.EndsAt))
        {
            return TimetableRefusal.ClassroomTaken;
        }

        return await db.Set<Occurrence>().AnyAsync(o =>
            o.Phase != LessonPhase.Cancelled && o.LecturerId == wanted.LecturerId && o.StartsAt < wanted.EndsAt && wanted.StartsAt < o.EndsAt)
            ? TimetableRefusal.LecturerTaken
            : null;
    }

    private Occurrence Make(NewOccurrence wanted)
    {
        var occurrence = new Occurrence
        {
            Id = wanted.Id,
            Mode = wanted.Mode,
            Subject = wanted.Subject.Trim(),
            Topic = wanted.Topic.Trim(),
            Stage = wanted.Stage,
            LecturerId = wanted.LecturerId,
            StartsAt = wanted.StartsAt,
            EndsAt = wanted.EndsAt,
            StandardPeriod = wanted.StandardPeriod,
            StartsByTimetable = wanted.StartsByTimetable,
            FiledAt = clock.GetUtcNow(),
        };
        occurrence.Participations.Add(Seat(wanted, Participation.HostSeat, SeatRole.Host, new NewReceiver(wanted.HostClassroomId, wanted.HostClassId)));
        for (int i = 0; i < wanted.Receivers.Count; i++)
        {
            occurrence.Participations.Add(Seat(wanted, $"r{i + 1}", SeatRole.Receiving, wanted.Receivers[i]));
        }

        return occurrence;
    }

    private static Participation Seat(NewOccurrence wanted, string seatId, SeatRole role, NewReceiver seat) => new()
    {
        Id = Guid.CreateVersion7(),
        SeatId = seatId,
        Role = role,
        ClassroomId = seat.ClassroomId,
        SchoolClassId = seat.SchoolClassId,
        AssistantId = seat.AssistantId,
        StartsAt = wanted.StartsAt,
        EndsAt = wanted.EndsAt,
    };
}
