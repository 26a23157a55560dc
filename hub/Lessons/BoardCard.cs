using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Credit;
using ThreeClassrooms.Hub.Timetable;

namespace ThreeClassrooms.Hub.Lessons;

/// <summary>Where a lesson stands in the day, from a reader's point of view.</summary>
internal enum BoardGroup
{
    Now,
    Next,
    Later,
    Done,
}

/// <summary>One classroom on a card.</summary>
/// <param name="Online">Null: nobody is expected there now.</param>
internal sealed record BoardSeat(string SeatId, string Room, string School, string? SchoolClass, bool? Online, bool? Sees, bool? Hears, bool HandRaised);

/// <summary>One lesson on the day's board.</summary>
/// <param name="Status">Of the latest judgement; null before the first.</param>
internal sealed record BoardCard(
    Guid Id, LessonPhase Phase, LessonMode Mode, string Subject, string Topic, string Lecturer, DateTimeOffset StartsAt, DateTimeOffset EndsAt,
    BoardSeat Host, IReadOnlyList<BoardSeat> Receivers, string? CancelReason, JudgementStatus? Status, bool MayTeach, bool MayObserve, bool MayRead)
{
    /// <summary>What starts within this time is next.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(60);

    public bool IsOpen => Phase is LessonPhase.Ready or LessonPhase.Live or LessonPhase.Interrupted;

    public bool IsTeaching => Phase is LessonPhase.Live or LessonPhase.Interrupted;

    public BoardGroup GroupAt(DateTimeOffset now) => Phase switch
    {
        LessonPhase.Ready or LessonPhase.Live or LessonPhase.Interrupted => BoardGroup.Now,
        LessonPhase.Planned => StartsAt <= now ? BoardGroup.Now : StartsAt - now <= Soon ? BoardGroup.Next : BoardGroup.Later,
        LessonPhase.Ended or LessonPhase.Judged or LessonPhase.Cancelled or LessonPhase.Missed => BoardGroup.Done,
    };

    /// <param name="live">The lesson's state now; null when its room is not open.</param>
    public static BoardCard Of(Occurrence lesson, LessonSnapshot? live, JudgementStatus? status, Caller caller)
    {
        var states = live?.Seats.ToDictionary(s => s.SeatId) ?? [];
        bool teaches = lesson.Lecturer.AccountId == caller.AccountId;
        bool observes = caller.SeesCounty || (caller.HeadsSchool && lesson.Participations.Any(p => p.Classroom.SchoolId == caller.SchoolId));
        bool assists = lesson.Participations.Any(p => p.Assistant?.AccountId == caller.AccountId);
        return new BoardCard(
            lesson.Id, live?.Phase ?? lesson.Phase, lesson.Mode, lesson.Subject, lesson.Topic, lesson.Lecturer.Name, lesson.StartsAt, live?.EndsAt ?? lesson.EndsAt,
            Seat(lesson.Host), [.. lesson.Participations.Where(p => p.Role == SeatRole.Receiving).OrderBy(p => p.SeatId, StringComparer.Ordinal).Select(Seat)],
            lesson.CancelReason, status, teaches, observes, teaches || observes || assists);

        BoardSeat Seat(Participation seat)
        {
            SeatState? state = states.GetValueOrDefault(seat.SeatId);
            return new BoardSeat(
                seat.SeatId, seat.Classroom.Name, seat.Classroom.School.Name, seat.SchoolClass?.Name,
                state?.Online, state is { Online: true } ? state.Sees : null, state is { Online: true } ? state.Hears : null, state?.HandRaisedAt is not null);
        }
    }
}
