using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Schools;

namespace ThreeClassrooms.Hub.Timetable;

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

    /// <summary>Host first.</summary>
    public IEnumerable<NewReceiver> Seats => Receivers.Prepend(new NewReceiver(HostClassroomId, HostClassId));

    /// <summary>Lecturer, then the assistants as they were named.</summary>
    public IEnumerable<Guid> People => Receivers.Select(r => r.AssistantId).OfType<Guid>().Prepend(LecturerId);
}
