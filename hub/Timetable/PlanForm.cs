using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Schools;

namespace ThreeClassrooms.Hub.Timetable;

/// <summary>What the form asks for. Everything may be missing or malformed: <see cref="PlanCheck"/> says so in words.</summary>
internal sealed record PlanForm
{
    public LessonMode Mode { get; init; }

    public Stage Stage { get; init; }

    /// <summary>1 to 40 characters.</summary>
    public string? Subject { get; init; }

    /// <summary>1 to 120 characters.</summary>
    public string? Topic { get; init; }

    public Guid? LecturerId { get; init; }

    public Guid? HostRoomId { get; init; }

    /// <summary>The class that sits in the host's room; null: none, or not known.</summary>
    public Guid? HostClassId { get; init; }

    /// <summary>Every room that was offered, ticked or not.</summary>
    public List<PlanRoomForm> Rooms { get; init; } = [];

    /// <summary>In the county's zone; null: not given or not a day.</summary>
    public DateOnly? Day { get; init; }

    /// <summary>In the county's zone; null: not given or not a time.</summary>
    public TimeOnly? StartsAt { get; init; }

    /// <summary>5 to 240; null: not given or not a number.</summary>
    public int? Minutes { get; init; }

    public bool StartsByTimetable { get; init; }

    /// <summary>The warnings that the planner has seen and wants to plan in spite of, as <see cref="PlanCheck.KeyOf"/> has them; null: none yet.</summary>
    public string? Sure { get; init; }

    public IReadOnlyList<PlanRoomForm> Chosen() => [.. Rooms.Where(r => r.Chosen)];
}

/// <summary>One receiving room of the form.</summary>
internal sealed record PlanRoomForm
{
    public Guid Id { get; init; }

    public bool Chosen { get; init; }

    /// <summary>The class that listens; null: not named.</summary>
    public Guid? ClassId { get; init; }

    /// <summary>辅助教师; null: nobody named, nobody earns hours in this room.</summary>
    public Guid? AssistantId { get; init; }
}
