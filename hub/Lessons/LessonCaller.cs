using System.Security.Claims;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Devices;
using ThreeClassrooms.Hub.Timetable;

namespace ThreeClassrooms.Hub.Lessons;

/// <summary>Who speaks to the lesson hub: a person or a classroom device, never both.</summary>
/// <param name="Session">The person's sign-in; null for devices.</param>
internal sealed record LessonCaller(Caller? Person, DeviceCaller? Device, Guid? Session = null)
{
    /// <summary>By whose right it is connected, see <see cref="StandingLoop"/>; empty when nobody's in particular.</summary>
    public string Owner => Device is { } device ? StandingLoop.OwnerOf(device) : Session is { } session ? StandingLoop.OwnerOf(session) : "";

    public StreamSource Source => Device is null ? StreamSource.Browser : StreamSource.Device;

    /// <returns>Null when the principal is neither.</returns>
    public static LessonCaller? From(ClaimsPrincipal principal)
    {
        if (DeviceCaller.From(principal) is { } device)
        {
            return new LessonCaller(null, device);
        }

        return Caller.From(principal) is { } person ? new LessonCaller(person, null, Sessions.Of(principal)) : null;
    }
}

/// <summary>What a caller is in one lesson.</summary>
/// <param name="SeatId">"host", "r1", …; null for observers.</param>
/// <param name="MainDevice">The host room's own device: may start the lesson and shares the host's seat with the lecturer's browser.</param>
/// <param name="Assistant">A person in a receiving classroom: raises the hand and writes, but the room's device sends and reports.</param>
internal sealed record Seating(LessonAccess Access, string? SeatId, bool MainDevice = false, bool Assistant = false)
{
    /// <summary>Makes its seat count as there, and may send a picture for it.</summary>
    public bool Occupies => SeatId is not null && !Assistant;

    /// <returns>Null: the caller has no business in this lesson.</returns>
    public static Seating? Of(LessonCaller caller, Occurrence occurrence) =>
        caller.Device is { } device ? OfDevice(device, occurrence)
        : caller.Person is { } person ? OfPerson(person, occurrence)
        : null;

    private static Seating? OfDevice(DeviceCaller device, Occurrence occurrence)
    {
        Participation? seat = occurrence.Participations.SingleOrDefault(p => p.ClassroomId == device.ClassroomId);
        return seat is null || (seat.Role == SeatRole.Host && device.Role != DeviceRole.Main)
            ? null
            : new Seating(LessonAccess.Classroom, seat.SeatId, seat.Role == SeatRole.Host);
    }

    private static Seating? OfPerson(Caller person, Occurrence occurrence)
    {
        if (occurrence.Lecturer.AccountId == person.AccountId)
        {
            return new Seating(LessonAccess.Lecturer, LessonPlan.Host);
        }

        if (occurrence.Participations.FirstOrDefault(p => p.Assistant?.AccountId == person.AccountId) is { } assisted)
        {
            return new Seating(LessonAccess.Classroom, assisted.SeatId, Assistant: true);
        }

        bool observes = person.SeesCounty
            || (person.HeadsSchool && occurrence.Participations.Any(p => p.Classroom.SchoolId == person.SchoolId));
        return observes ? new Seating(LessonAccess.Observer, null) : null;
    }
}
