using System.Data;
using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Schools;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Timetable;

/// <summary>Puts dated lessons into the timetable and takes them out. A double booking is refused here and by the database.</summary>
internal sealed class TimetablePlanner(HubDbContext db, TimetableNews news, AuditTrail audit, TimeProvider clock, ILogger<TimetablePlanner> log)
{
    public const int MaxReceivers = 8;

    private const int MaxTries = 5;

    public async Task<Result<Occurrence, TimetableRefusal>> CreateAsync(NewOccurrence wanted, Caller? caller = null)
    {
        if (Check(wanted) is { } fault)
        {
            return fault;
        }

        Result<Occurrence, TimetableRefusal> result = await StoreAsync(wanted, caller);
        if (result.IsOk)
        {
            news.Tell(wanted.Id);
        }

        return result;
    }

    /// <summary>What stands in the way of a lesson: rooms, people and classes that are in another one at that time.</summary>
    public async Task<IReadOnlyList<PlanConflict>> ConflictsAsync(NewOccurrence wanted)
    {
        Guid[] rooms = [.. wanted.Seats.Select(s => s.ClassroomId)], people = [.. wanted.People], classes = [.. wanted.Seats.Select(s => s.SchoolClassId).OfType<Guid>()];
        List<Occurrence> near = await db.Set<Occurrence>().AsNoTracking().WithSeats()
            .Where(o => o.Id != wanted.Id && o.Phase != LessonPhase.Cancelled && o.StartsAt < wanted.EndsAt && wanted.StartsAt < o.EndsAt)
            .Where(o => (people.Contains(o.LecturerId) && o.Phase != LessonPhase.Ended && o.Phase != LessonPhase.Judged) || o.Participations.Any(p => p.Booked && (
                rooms.Contains(p.ClassroomId)
                || (p.AssistantId != null && people.Contains(p.AssistantId.Value))
                || (p.SchoolClassId != null && classes.Contains(p.SchoolClassId.Value)))))
            .OrderBy(o => o.StartsAt).ToListAsync();
        return [.. near.SelectMany(o => PlanConflict.Between(wanted, o))];
    }

    /// <summary>Tries anew where two writers met; what a guard of the database says is a refusal, everything else is logged and said.</summary>
    private async Task<Result<Occurrence, TimetableRefusal>> StoreAsync(NewOccurrence wanted, Caller? caller)
    {
        for (int left = MaxTries - 1; ; left--)
        {
            try
            {
                return await TryStoreAsync(wanted, caller);
            }
            catch (Exception fault) when (fault is DbUpdateException or DbException or InvalidOperationException { InnerException: DbException or DbUpdateException })
            {
                db.ChangeTracker.Clear();
                switch (DatabaseWords.GuardIn(fault))
                {
                    case Booking.Classroom:
                        return TimetableRefusal.ClassroomTaken;
                    case Booking.Lecturer:
                        return TimetableRefusal.LecturerTaken;
                    case Booking.Assistant:
                        return TimetableRefusal.AssistantTaken;
                }

                if (DatabaseWords.IsCollision(fault) && left > 0)
                {
                    continue;
                }

                bool busy = DatabaseWords.IsBusy(fault) || DatabaseWords.IsCollision(fault);
                log.LessonNotStored(fault, wanted.Id);
                return busy ? TimetableRefusal.Busy : TimetableRefusal.NotStored;
            }
        }
    }

    private async Task<Result<Occurrence, TimetableRefusal>> TryStoreAsync(NewOccurrence wanted, Caller? caller)
    {
        await using IDbContextTransaction transaction = await db.Database.BeginTransactionAsync(IsolationLevel.Serializable);
        if (await CheckStoredAsync(wanted) is { } conflict)
        {
            return conflict;
        }

        Occurrence occurrence = Make(wanted);
        db.Add(occurrence);
        audit.Add(AuditAction.CreatedLesson, caller?.AccountId, caller?.Login ?? "operator", wanted.Id.ToString());
        await db.SaveChangesAsync();
        await transaction.CommitAsync();
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

        if (wanted.Receivers.Count is < 1 or > MaxReceivers || wanted.Seats.DistinctBy(s => s.ClassroomId).Count() != wanted.Receivers.Count + 1)
        {
            return TimetableRefusal.BadSeats;
        }

        return wanted.People.Distinct().Count() == wanted.People.Count() ? null : TimetableRefusal.PersonTwice;
    }

    private async Task<TimetableRefusal?> CheckStoredAsync(NewOccurrence wanted)
    {
        Guid[] ids = [.. wanted.Seats.Select(s => s.ClassroomId)];
        Dictionary<Guid, Guid> schoolOf = await db.Set<Classroom>().Where(c => ids.Contains(c.Id)).ToDictionaryAsync(c => c.Id, c => c.SchoolId);
        if (schoolOf.Count != ids.Length)
        {
            return TimetableRefusal.UnknownClassroom;
        }

        Guid[] people = [.. wanted.People];
        if (await db.Set<Teacher>().CountAsync(t => people.Contains(t.Id)) != people.Length)
        {
            return TimetableRefusal.UnknownTeacher;
        }

        Guid[] named = [.. wanted.Seats.Select(s => s.SchoolClassId).OfType<Guid>()];
        Dictionary<Guid, Guid> classes = await db.Set<SchoolClass>().Where(c => named.Contains(c.Id)).ToDictionaryAsync(c => c.Id, c => c.SchoolId);
        if (wanted.Seats.Any(s => s.SchoolClassId is { } id && classes.GetValueOrDefault(id) != schoolOf[s.ClassroomId]))
        {
            return TimetableRefusal.UnknownClass;
        }

        return await ConflictsAsync(wanted) is [{ } first, ..] ? first.Kind : null;
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
