using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Hub.Devices.Health;

/// <summary>What an hour means to a room.</summary>
internal enum RoomMoment
{
    /// <summary>No lesson for some hours: a device may be switched off.</summary>
    Idle,

    /// <summary>The next lesson is a few hours away: time enough to see to it.</summary>
    BeforeClass,

    /// <summary>A lesson takes place, or its room is open for the check before it.</summary>
    InClass,
}

/// <summary>One lesson in a device's room.</summary>
/// <param name="EndsAt">Exclusive.</param>
internal sealed record RoomLesson(Guid Id, DateTimeOffset StartsAt, DateTimeOffset EndsAt, string Subject, SeatRole Role, string SeatId);

/// <summary>The lessons of a device in order of their start; those that are over may be missing. Immutable.</summary>
internal sealed record RoomTimes(IReadOnlyList<RoomLesson> Lessons)
{
    public static readonly RoomTimes None = new([]);

    /// <summary>A device that is silent so long before the bell needs a hand now.</summary>
    private static readonly TimeSpan Lead = TimeSpan.FromMinutes(15);

    private static readonly TimeSpan Soon = TimeSpan.FromHours(4);

    public RoomMoment At(DateTimeOffset now) =>
        Lessons.Any(l => l.StartsAt - Lead <= now && now < l.EndsAt) ? RoomMoment.InClass
        : Lessons.Any(l => l.StartsAt > now && l.StartsAt - Soon <= now) ? RoomMoment.BeforeClass
        : RoomMoment.Idle;

    /// <summary>The lesson that takes place.</summary>
    public RoomLesson? Current(DateTimeOffset now) => Lessons.FirstOrDefault(l => l.StartsAt <= now && now < l.EndsAt);

    public RoomLesson? Next(DateTimeOffset now) => Lessons.FirstOrDefault(l => l.StartsAt > now);
}
