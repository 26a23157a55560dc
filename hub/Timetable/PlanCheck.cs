using System.Globalization;
using ThreeClassrooms.Hub.Credit;
using ThreeClassrooms.Hub.Hosting;
using ThreeClassrooms.Hub.Schools;

namespace ThreeClassrooms.Hub.Timetable;

/// <summary>Says everything that is wrong or strange about a plan at once, before the timetable is asked. Pure: the time is an argument.</summary>
internal sealed class PlanCheck(PlanGround ground, CreditPolicy policy, CountyTime time, DateTimeOffset now)
{
    public const int SubjectMost = 40, TopicMost = 120, MinutesLeast = 5, MinutesMost = 240, DaysAhead = 366;

    private static readonly TimeOnly Morning = new(7, 0), Evening = new(21, 30);

    /// <summary>The warnings as one string, for the form to say which of them were seen.</summary>
    public static string KeyOf(IEnumerable<PlanFinding> findings) =>
        string.Join(';', findings.Where(f => f.IsWarning).Select(f => $"{f.Fault}:{string.Join(',', f.About)}"));

    public IReadOnlyList<PlanFinding> Examine(PlanForm form) => [.. Words(form), .. Times(form), .. Host(form), .. Receivers(form)];

    private static IEnumerable<PlanFinding> Words(PlanForm form)
    {
        string subject = (form.Subject ?? "").Trim(), topic = (form.Topic ?? "").Trim();
        if (subject.Length == 0)
        {
            yield return new(PlanFault.SubjectMissing, PlanField.Subject);
        }
        else if (subject.Length > SubjectMost)
        {
            yield return new(PlanFault.SubjectTooLong, PlanField.Subject, SubjectMost, subject.Length);
        }

        if (topic.Length == 0)
        {
            yield return new(PlanFault.TopicMissing, PlanField.Topic);
        }
        else if (topic.Length > TopicMost)
        {
            yield return new(PlanFault.TopicTooLong, PlanField.Topic, TopicMost, topic.Length);
        }
    }

    private IEnumerable<PlanFinding> Times(PlanForm form)
    {
        if (form.Day is null)
        {
            yield return new(PlanFault.DayMissing, PlanField.Day);
        }
        else if (form.Day > time.DayOf(now).AddDays(DaysAhead))
        {
            yield return new(PlanFault.TooFar, PlanField.Day);
        }
        else if (form.Day < time.DayOf(now))
        {
            yield return new(PlanFault.Past, PlanField.Day);
        }
        else if (form is { StartsAt: { } at, Minutes: { } length and >= MinutesLeast and <= MinutesMost } && time.At(form.Day.Value, at).AddMinutes(length) <= now)
        {
            yield return new(PlanFault.Past, PlanField.Starts);
        }

        if (form.StartsAt is null)
        {
            yield return new(PlanFault.StartMissing, PlanField.Starts);
        }
        else if (form.StartsAt < Morning || form.StartsAt > Evening)
        {
            yield return new(PlanFault.OddHour, PlanField.Starts, form.StartsAt.Value.ToString("HH:mm", CultureInfo.InvariantCulture));
        }

        foreach (PlanFinding finding in Length(form))
        {
            yield return finding;
        }
    }

    private IEnumerable<PlanFinding> Length(PlanForm form)
    {
        switch (form.Minutes)
        {
            case null:
                yield return new(PlanFault.MinutesMissing, PlanField.Minutes);
                break;
            case < MinutesLeast:
                yield return new(PlanFault.TooShort, PlanField.Minutes, MinutesLeast);
                break;
            case > MinutesMost:
                yield return new(PlanFault.TooLong, PlanField.Minutes, MinutesMost);
                break;
            default:
                if (form.StartsAt is { } starts && starts.ToTimeSpan() + TimeSpan.FromMinutes(form.Minutes.Value) > TimeSpan.FromDays(1))
                {
                    yield return new(PlanFault.AcrossMidnight, PlanField.Minutes);
                }

                if (TimeSpan.FromMinutes(form.Minutes.Value) < policy.ValidMinimum)
                {
                    yield return new(PlanFault.BelowMinimum, PlanField.Minutes, form.Minutes.Value, (int)Math.Ceiling(policy.ValidMinimum.TotalMinutes));
                }

                break;
        }
    }

    private IEnumerable<PlanFinding> Host(PlanForm form)
    {
        Teacher? lecturer = ground.Lecturers.FirstOrDefault(t => t.Id == form.LecturerId);
        if (lecturer is null)
        {
            yield return new(PlanFault.LecturerUnknown, PlanField.Lecturer);
        }
        else if (ground.Classes[lecturer.SchoolId] is var own && own.Any() && own.All(c => c.Stage != form.Stage))
        {
            yield return new(PlanFault.LecturerStage, PlanField.Lecturer, lecturer.School.Name, form.Stage);
        }

        Classroom? room = ground.HostRooms.FirstOrDefault(r => r.Id == form.HostRoomId);
        if (room is null)
        {
            yield return new(PlanFault.HostRoomUnknown, PlanField.Room);
            yield break;
        }

        if (lecturer is not null && lecturer.SchoolId != room.SchoolId)
        {
            yield return new(ground.County ? PlanFault.HostRoomForeign : PlanFault.HostRoomElsewhere, PlanField.Room, NameOf(room), lecturer.Name, lecturer.School.Name);
        }

        if (form.HostClassId is { } id && ground.Classes[room.SchoolId].All(c => c.Id != id))
        {
            yield return new(PlanFault.ClassElsewhere, PlanField.Room, NameOf(room));
        }
    }

    private IEnumerable<PlanFinding> Receivers(PlanForm form)
    {
        if (form.Chosen().Count is 0 or > TimetablePlanner.MaxReceivers)
        {
            yield return form.Chosen().Count == 0
                ? new(PlanFault.NoReceiver, PlanField.Receivers)
                : new(PlanFault.TooManyReceivers, PlanField.Receivers, TimetablePlanner.MaxReceivers, form.Chosen().Count);
        }

        foreach (PlanRoomForm chosen in form.Chosen())
        {
            if (ground.ReceivingRooms.FirstOrDefault(r => r.Id == chosen.Id) is not { } room)
            {
                yield return new(PlanFault.ReceiverUnknown, PlanField.Receivers);
                continue;
            }

            foreach (PlanFinding finding in Receiver(form, chosen, room))
            {
                yield return finding;
            }
        }

        IEnumerable<Guid> assistants = form.Chosen().Select(c => c.AssistantId).OfType<Guid>();
        foreach (Guid person in assistants.Distinct())
        {
            if (person == form.LecturerId)
            {
                yield return new(PlanFault.LecturerAssists, PlanField.Receivers, PersonOf(person));
            }

            if (assistants.Count(a => a == person) > 1)
            {
                yield return new(PlanFault.AssistantTwice, PlanField.Receivers, PersonOf(person));
            }
        }
    }

    private IEnumerable<PlanFinding> Receiver(PlanForm form, PlanRoomForm chosen, Classroom room)
    {
        SchoolClass? named = ground.Classes[room.SchoolId].FirstOrDefault(c => c.Id == chosen.ClassId);
        if (chosen.ClassId is not null && named is null)
        {
            yield return new(PlanFault.ClassElsewhere, PlanField.Receivers, NameOf(room));
        }
        else if (named is not null && named.Stage != form.Stage)
        {
            yield return new(PlanFault.ClassStage, PlanField.Receivers, NameOf(room), named.Name, form.Stage);
        }
        else if (named is null && ground.Classes[room.SchoolId] is var all && all.Any() && all.All(c => c.Stage != form.Stage))
        {
            yield return new(PlanFault.SchoolStage, PlanField.Receivers, room.School.Name, form.Stage);
        }

        if (chosen.AssistantId is { } person && ground.Assistants[room.SchoolId].All(t => t.Id != person))
        {
            yield return new(PlanFault.AssistantElsewhere, PlanField.Receivers, NameOf(room));
        }

        if (ground.Lecturers.FirstOrDefault(t => t.Id == form.LecturerId) is { } lecturer
            && lecturer.SchoolId != room.SchoolId && !ground.Pairs.Contains((lecturer.SchoolId, room.SchoolId)))
        {
            yield return new(PlanFault.NotPaired, PlanField.Receivers, room.School.Name, lecturer.School.Name);
        }
    }

    private string PersonOf(Guid id) =>
        ground.Lecturers.FirstOrDefault(t => t.Id == id)?.Name ?? ground.Assistants.SelectMany(g => g).FirstOrDefault(t => t.Id == id)?.Name ?? "";

    private static string NameOf(Classroom room) => $"{room.School.Name} {room.Name}";
}
