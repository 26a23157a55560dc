using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Devices.Fleet;
using ThreeClassrooms.Hub.Shell;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Devices.Alerts;

/// <summary>What a silence begun at an alert covers.</summary>
internal enum SilenceReach
{
    /// <summary>The alert's kind at its device; of an alert without a device, its kind at its place.</summary>
    Kind,
    Room,
    SchoolKind,
    School,
}

/// <summary>What was entered; it stays on the page when it was refused.</summary>
internal sealed record AlertWritten(string? Note = null, SilenceReach? Reach = null, int Hours = 4, string? Reason = null);

/// <summary>One alert: what is wrong, what to try, who sees to it, and everything that was done.</summary>
internal sealed class OneModel(HubDbContext db, AlertDesk desk, TimeProvider clock) : PageModel
{
    public static readonly IReadOnlyList<int> Hours = [1, 4, 24, 72, 168, 720];

    public AlertLine Line { get; private set; } = null!;

    public Alert Alert => Line.Alert;

    public IReadOnlyList<AlertEvent> Diary { get; private set; } = [];

    /// <summary>Whom it may be given to.</summary>
    public IReadOnlyList<Account> People { get; private set; } = [];

    public bool MayCare { get; private set; }

    /// <summary>May add channels, when nobody was told.</summary>
    public bool MayAddChannel { get; private set; }

    public AlertRefusal? Refusal { get; private set; }

    public AlertWritten Written { get; private set; } = new();

    /// <summary>Silences that make sense for this alert.</summary>
    public IReadOnlyList<SilenceReach> Reaches => Alert.DeviceId is not null ? Enum.GetValues<SilenceReach>() : Alert.SchoolId is not null ? [SilenceReach.Kind, SilenceReach.School] : [SilenceReach.Kind];

    public async Task<IActionResult> OnGetAsync(Guid id, CancellationToken cancel) => await ReadAsync(id, cancel) ?? Page();

    public Task<IActionResult> OnPostAcknowledgeAsync(Guid id, CancellationToken cancel) => DoAsync(id, c => desk.AcknowledgeAsync(id, c, cancel), cancel);

    public Task<IActionResult> OnPostUnacknowledgeAsync(Guid id, CancellationToken cancel) => DoAsync(id, c => desk.UnacknowledgeAsync(id, c, cancel), cancel);

    public Task<IActionResult> OnPostAssignAsync(Guid id, Guid? person, CancellationToken cancel) => DoAsync(id, c => desk.AssignAsync(id, person, c, cancel), cancel);

    public Task<IActionResult> OnPostNoteAsync(Guid id, string? text, CancellationToken cancel)
    {
        Written = new AlertWritten(Note: text);
        return DoAsync(id, c => desk.NoteAsync(id, text, c, cancel), cancel);
    }

    public async Task<IActionResult> OnPostSilenceAsync(Guid id, SilenceReach reach, int hours, string? reason, CancellationToken cancel)
    {
        Written = new AlertWritten(null, reach, hours, reason);
        return await ReadAsync(id, cancel) ?? await DoAsync(id, c => desk.SilenceAsync(ScopeOf(reach), reason, clock.GetUtcNow().AddHours(Hours.Contains(hours) ? hours : 0), c, cancel), cancel);
    }

    private SilenceScope ScopeOf(SilenceReach reach) => reach switch
    {
        SilenceReach.Kind => new SilenceScope(Alert.SchoolId, null, Alert.DeviceId, Alert.Kind),
        SilenceReach.Room => new SilenceScope(Alert.SchoolId, Alert.RoomId),
        SilenceReach.SchoolKind => new SilenceScope(Alert.SchoolId, Kind: Alert.Kind),
        SilenceReach.School => new SilenceScope(Alert.SchoolId),
    };

    private async Task<IActionResult> DoAsync(Guid id, Func<Caller, Task<AlertRefusal?>> act, CancellationToken cancel)
    {
        if (Caller.From(User) is not { } caller)
        {
            return Forbid();
        }

        Refusal = await act(caller);
        return Refusal switch
        {
            null => Redirect($"/alerts/{id}"),
            AlertRefusal.Unknown => NotFound(),
            AlertRefusal.NotAllowed => Forbid(),
            _ => await ReadAsync(id, cancel) ?? Page(),
        };
    }

    private async Task<IActionResult?> ReadAsync(Guid id, CancellationToken cancel)
    {
        if (Caller.From(User) is not { } caller || !FleetRights.MaySee(caller))
        {
            return Forbid();
        }

        if ((await AlertBoard.LinesAsync(db, db.Set<Alert>().AsNoTracking().Of(caller).Where(a => a.Id == id), cancel)).SingleOrDefault() is not { } line)
        {
            return NotFound();
        }

        (Line, MayCare, MayAddChannel) = (line, FleetRights.MayCare(caller), PageRoles.AlertChannels.Any(caller.Is));
        Diary = await db.Set<AlertEvent>().AsNoTracking().Where(e => e.AlertId == id).OrderByDescending(e => e.Id).Take(200).ToListAsync(cancel);
        People = MayCare && Alert.IsOpen ? await desk.HandlersAsync(Alert.SchoolId, cancel) : [];
        return null;
    }
}
