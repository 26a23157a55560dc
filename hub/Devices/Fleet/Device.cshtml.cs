using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Devices.Broker;
using ThreeClassrooms.Hub.Devices.Commands;
using ThreeClassrooms.Hub.Devices.Health;
using ThreeClassrooms.Hub.Devices.Releases;
using ThreeClassrooms.Hub.Hosting;
using ThreeClassrooms.Hub.Schools;
using ThreeClassrooms.Hub.Storage;
using ThreeClassrooms.Hub.Timetable;

namespace ThreeClassrooms.Hub.Devices.Fleet;

/// <summary>A lesson of the device's room, past or to come.</summary>
internal sealed record RoomLessonLine(Guid Id, DateTimeOffset StartsAt, DateTimeOffset EndsAt, string Subject, string Topic, LessonPhase Phase);

/// <summary>One device: how it is and why, its parts, readings, lessons, issues, and what staff may do to it.</summary>
internal sealed class DeviceModel(HubDbContext db, FleetHealth fleet, BrokerStanding broker, CareDesk desk, CommandDesk commands, PictureDesk pictures, ReleaseOffer offer, CountyTime county, TimeProvider clock) : PageModel
{
    /// <summary>Rows of the history shown.</summary>
    public const int HistoryRows = 60;

    private static readonly PartKind[] Declarable =
        [PartKind.Camera, PartKind.Microphone, PartKind.Loudspeaker, PartKind.Display, PartKind.CaptureCard];

    public Device Device { get; private set; } = null!;

    public Classroom Room => Device.Classroom;

    /// <summary>Null: enrolled a moment ago, not judged yet.</summary>
    public HealthView? View { get; private set; }

    public HardwareReport? Hardware { get; private set; }

    public ReportedConfiguration? Reported { get; private set; }

    public IReadOnlySet<PartKind> Absent { get; private set; } = new HashSet<PartKind>();

    public MaintenanceWindow? Maintenance { get; private set; }

    public IReadOnlyList<RoomLessonLine> Lessons { get; private set; } = [];

    /// <summary>Issues that are over, of this device and of those before it in the room; newest first.</summary>
    public IReadOnlyList<DeviceIssue> History { get; private set; } = [];

    /// <summary>The device that took this one's place; null: none.</summary>
    public string? ReplacedBy { get; private set; }

    public CommandPanel Commands { get; private set; } = null!;

    public bool MayCare { get; private set; }

    public bool MayEnrol { get; private set; }

    public bool SeesLessons { get; private set; }

    public CareRefusal? Refusal { get; private set; }

    public FleetWatch Watch => broker.Watch;

    public Sight Sight => fleet.Sight;

    public DateTimeOffset Now { get; } = clock.GetUtcNow();

    public static IReadOnlyList<PartKind> Parts => Declarable;

    public FleetGroup Group => View is { } view ? Enum.Parse<FleetGroup>(view.State.ToString()) : Device.DisabledAt is null ? FleetGroup.Onboarding : FleetGroup.Disabled;

    /// <summary>For the fields of a form: the county's clock, to the minute.</summary>
    public string FieldOf(DateTimeOffset at) => county.ToLocal(at).ToString("yyyy-MM-ddTHH:mm", CultureInfo.InvariantCulture);

    public async Task<IActionResult> OnGetAsync(string id, CancellationToken cancel) => await ReadAsync(id, cancel) ?? Page();

    /// <summary>Only what changes by itself.</summary>
    public async Task<IActionResult> OnGetNowAsync(string id, CancellationToken cancel) =>
        await ReadAsync(id, cancel) ?? Partial("/Devices/Fleet/_Now.cshtml", this);

    /// <summary>Readings for the charts.</summary>
    /// <param name="hours">1 to 2400; up to two days by the minute, beyond by the hour.</param>
    public async Task<IActionResult> OnGetReadingsAsync(string id, int hours, CancellationToken cancel) =>
        await FindAsync(id, cancel) ?? new JsonResult(await ReadingLines.ReadAsync(db, Device.Id, clock.GetUtcNow(), Math.Clamp(hours, 1, 2400), cancel));

    public Task<IActionResult> OnPostAbsentAsync(string id, PartKind[] absent, CancellationToken cancel) =>
        DoAsync(id, caller => desk.DeclareAbsentAsync(id, [.. absent.Intersect(Declarable)], caller, cancel), cancel);

    public Task<IActionResult> OnPostMaintenanceAsync(string id, DateTime from, DateTime to, string? reason, CancellationToken cancel) =>
        DoAsync(id, caller => desk.BeginMaintenanceAsync(id, InstantOf(from), InstantOf(to), reason, caller, cancel), cancel);

    public Task<IActionResult> OnPostEndMaintenanceAsync(string id, CancellationToken cancel) => DoAsync(id, caller => desk.EndMaintenanceAsync(id, caller, cancel), cancel);

    public Task<IActionResult> OnPostDisableAsync(string id, CancellationToken cancel) => DoAsync(id, caller => desk.DisableAsync(id, caller, cancel), cancel);

    public Task<IActionResult> OnPostEnableAsync(string id, CancellationToken cancel) => DoAsync(id, caller => desk.EnableAsync(id, caller, cancel), cancel);

    private DateTimeOffset InstantOf(DateTime local) => county.At(DateOnly.FromDateTime(local), TimeOnly.FromDateTime(local));

    private async Task<IActionResult> DoAsync(string id, Func<Caller, Task<CareRefusal?>> act, CancellationToken cancel)
    {
        if (Caller.From(User) is not { } caller)
        {
            return Forbid();
        }

        Refusal = await act(caller);
        return Refusal switch
        {
            null => RedirectToPage(new { id }),
            CareRefusal.UnknownDevice => NotFound(),
            CareRefusal.NotAllowed => Forbid(),
            _ => await ReadAsync(id, cancel) ?? Page(),
        };
    }

    private async Task<IActionResult?> FindAsync(string id, CancellationToken cancel)
    {
        if (Caller.From(User) is not { } caller || !FleetRights.MaySee(caller))
        {
            return Forbid();
        }

        IQueryable<Guid> rooms = db.Set<Classroom>().Of(caller).Select(r => r.Id);
        if (await db.Set<Device>().AsNoTracking().Include(d => d.Classroom).ThenInclude(r => r.School)
            .SingleOrDefaultAsync(d => d.Id == id && rooms.Contains(d.ClassroomId), cancel) is not { } device)
        {
            return NotFound();
        }

        Device = device;
        (MayCare, MayEnrol, SeesLessons) = (FleetRights.MayCare(caller), FleetRights.MayEnrol(caller), caller.SeesCounty || caller.HeadsSchool);
        return null;
    }

    private async Task<IActionResult?> ReadAsync(string id, CancellationToken cancel)
    {
        if (await FindAsync(id, cancel) is { } refused)
        {
            return refused;
        }

        View = fleet.ViewOf(id);
        (Hardware, Reported, _, _) = fleet.ReportsOf(id);
        DeviceCare? care = await db.Set<DeviceCare>().AsNoTracking().SingleOrDefaultAsync(c => c.DeviceId == id, cancel);
        (Absent, Maintenance) = (HealthStore.AbsentOf(care), HealthStore.WindowOf(care) is { } window && window.To > Now ? window : null);
        (Guid room, DeviceRole role) = (Device.ClassroomId, Device.Role);
        IQueryable<Device> place = db.Set<Device>().Where(d => d.ClassroomId == room && d.Role == role);
        ReplacedBy = Device.DisabledAt is null ? null : await place.Where(d => d.DisabledAt == null).Select(d => d.Id).FirstOrDefaultAsync(cancel);
        History = await db.Set<DeviceIssue>().AsNoTracking()
            .Where(i => i.ClearedAt != null && place.Any(d => d.Id == i.DeviceId && d.EnrolledAt <= Device.EnrolledAt))
            .OrderByDescending(i => i.RaisedAt).Take(HistoryRows).ToListAsync(cancel);
        Lessons = await LessonsAsync(room, role, cancel);
        Commands = await CommandPanel.ReadAsync(commands, pictures, offer, Device, Caller.From(User)!, null, null, cancel);
        return null;
    }

    /// <summary>The last three, the running one, the next four.</summary>
    private async Task<IReadOnlyList<RoomLessonLine>> LessonsAsync(Guid room, DeviceRole role, CancellationToken cancel)
    {
        SeatRole seat = role == DeviceRole.Main ? SeatRole.Host : SeatRole.Receiving;
        List<RoomLessonLine> past = await db.Set<Occurrence>().AsNoTracking()
            .Where(o => o.EndsAt <= Now && o.Participations.Any(p => p.ClassroomId == room && p.Role == seat)).OrderByDescending(o => o.StartsAt).Take(3)
            .Select(o => new RoomLessonLine(o.Id, o.StartsAt, o.EndsAt, o.Subject, o.Topic, o.Phase)).ToListAsync(cancel);
        List<RoomLessonLine> coming = await db.Set<Occurrence>().AsNoTracking()
            .Where(o => o.EndsAt > Now && o.Participations.Any(p => p.ClassroomId == room && p.Role == seat)).OrderBy(o => o.StartsAt).Take(5)
            .Select(o => new RoomLessonLine(o.Id, o.StartsAt, o.EndsAt, o.Subject, o.Topic, o.Phase)).ToListAsync(cancel);
        past.Reverse();
        return [.. past, .. coming];
    }
}
