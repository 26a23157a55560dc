using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Credit;
using ThreeClassrooms.Hub.Hosting;
using ThreeClassrooms.Hub.Schools;
using ThreeClassrooms.Hub.Shell;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Timetable;

/// <summary>What the form asks for.</summary>
internal sealed record PlanForm
{
    public LessonMode Mode { get; init; }

    public Stage Stage { get; init; }

    public string Subject { get; init; } = "";

    public string Topic { get; init; } = "";

    public Guid LecturerId { get; init; }

    public Guid HostRoomId { get; init; }

    public IReadOnlyList<Guid> Receivers { get; init; } = [];

    public DateOnly Day { get; init; }

    public TimeOnly StartsAt { get; init; } = new(9, 0);

    /// <summary>1 to 240.</summary>
    public int Minutes { get; init; } = 40;

    public bool StartsByTimetable { get; init; }
}

/// <summary>Adds one lesson to the timetable; a double booking is refused with the reason.</summary>
internal sealed class NewModel(HubDbContext db, CountyTime time, TimetablePlanner planner, CreditPolicy policy, Text text) : PageModel
{
    [BindProperty]
    public PlanForm Form { get; set; } = new();

    public IReadOnlyList<Teacher> Lecturers { get; private set; } = [];

    public IReadOnlyList<Classroom> HostRooms { get; private set; } = [];

    public IReadOnlyList<Classroom> ReceivingRooms { get; private set; } = [];

    public string? Problem { get; private set; }

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel)
    {
        Form = new PlanForm { Day = time.Today.AddDays(1) };
        return await ReadAsync(cancel) is null ? Forbid() : Page();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancel)
    {
        if (await ReadAsync(cancel) is not { } caller)
        {
            return Forbid();
        }

        if (!ModelState.IsValid || Form.Minutes is < 1 or > 240)
        {
            Problem = text["Plan.Incomplete"];
            return Page();
        }

        if (Lecturers.FirstOrDefault(t => t.Id == Form.LecturerId) is null)
        {
            Problem = text.Word("Plan.Refusal", TimetableRefusal.UnknownTeacher);
            return Page();
        }

        DateTimeOffset starts = time.At(Form.Day, Form.StartsAt);
        Result<Occurrence, TimetableRefusal> result = await planner.CreateAsync(
            new NewOccurrence(
                Form.Mode, Form.Subject, Form.Topic, Form.Stage, Form.LecturerId, Form.HostRoomId, [.. Form.Receivers.Select(r => new NewReceiver(r))],
                starts, starts.AddMinutes(Form.Minutes), policy.StandardPeriod.Within(Form.Stage, TimeSpan.FromMinutes(Form.Minutes), policy.LongLesson))
            {
                StartsByTimetable = Form.StartsByTimetable,
            },
            caller);
        if (result.IsOk)
        {
            return LocalRedirect(string.Create(CultureInfo.InvariantCulture, $"/timetable?week={Form.Day:O}"));
        }

        Problem = text.Word("Plan.Refusal", result.Refusal!.Value);
        return Page();
    }

    private async Task<Caller?> ReadAsync(CancellationToken cancel)
    {
        if (Caller.From(User) is not { } caller || !PlanRights.MayPlan(caller))
        {
            return null;
        }

        List<Teacher> teachers = await db.Set<Teacher>().AsNoTracking().Include(t => t.School).Where(t => t.School.Kind == SchoolKind.Main).ToListAsync(cancel);
        Lecturers = [.. teachers.Where(t => PlanRights.MayChange(caller, t)).OrderBy(t => t.School.Name, StringComparer.Ordinal).ThenBy(t => t.Name, StringComparer.Ordinal)];
        List<Classroom> rooms = await db.Set<Classroom>().AsNoTracking().Include(r => r.School).ToListAsync(cancel);
        Classroom[] sorted = [.. rooms.OrderBy(r => r.School.Name, StringComparer.Ordinal).ThenBy(r => r.Name, StringComparer.Ordinal)];
        HashSet<Guid> schools = [.. Lecturers.Select(t => t.SchoolId)];
        HostRooms = [.. sorted.Where(r => r.Equipment == DeviceRole.Main && schools.Contains(r.SchoolId))];
        ReceivingRooms = [.. sorted.Where(r => r.Equipment == DeviceRole.Receiving)];
        return caller;
    }
}
