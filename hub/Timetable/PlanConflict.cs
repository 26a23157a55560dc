using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Hub.Timetable;

/// <summary>One thing that a wanted lesson and a planned one would both need at the same time.</summary>
/// <param name="Kind">One of the …Taken refusals.</param>
/// <param name="Who">The room with its school, the person's or the class's name.</param>
/// <param name="With">The planned lesson, with its seats.</param>
internal sealed record PlanConflict(TimetableRefusal Kind, string Who, Occurrence With)
{
    /// <summary>Rooms first, then people, then classes, each once.</summary>
    /// <param name="planned">Overlaps the wanted one; with seats.</param>
    public static IEnumerable<PlanConflict> Between(NewOccurrence wanted, Occurrence planned)
    {
        HashSet<Guid> rooms = [.. wanted.Seats.Select(s => s.ClassroomId)];
        HashSet<Guid> classes = [.. wanted.Seats.Select(s => s.SchoolClassId).OfType<Guid>()];
        HashSet<Guid> people = [.. wanted.People];
        bool over = planned.Phase is LessonPhase.Ended or LessonPhase.Judged; // it holds neither its lecturer nor, once they are given back, its rooms
        Participation[] booked = [.. planned.Participations.Where(p => p.Booked)];
        return
        [
            .. booked.Where(p => rooms.Contains(p.ClassroomId))
                .Select(p => new PlanConflict(TimetableRefusal.ClassroomTaken, $"{p.Classroom.School.Name} {p.Classroom.Name}", planned)),
            .. booked.Select(p => p.Assistant).OfType<Schools.Teacher>().Concat(over ? [] : [planned.Lecturer]).Where(t => people.Contains(t.Id)).DistinctBy(t => t.Id)
                .Select(t => new PlanConflict(t.Id == wanted.LecturerId ? TimetableRefusal.LecturerTaken : TimetableRefusal.AssistantTaken, t.Name, planned)),
            .. booked.Where(p => p.SchoolClass is { } c && classes.Contains(c.Id))
                .Select(p => new PlanConflict(TimetableRefusal.ClassTaken, $"{p.Classroom.School.Name} {p.SchoolClass!.Name}", planned)),
        ];
    }
}
