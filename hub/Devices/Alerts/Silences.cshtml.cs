using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Devices.Fleet;
using ThreeClassrooms.Hub.Schools;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Devices.Alerts;

/// <param name="Place">School and room; null: the whole county.</param>
internal sealed record SilenceLine(AlertSilence Silence, string? Place);

/// <summary>What was entered; it stays on the page when it was refused.</summary>
/// <param name="Place">A school's id or <see cref="SilencesModel.County"/>.</param>
internal sealed record SilenceWritten(string? Place = null, AlertKind? Kind = null, int Hours = 4, string? Reason = null);

/// <summary>静音: what nobody hears of now and until when, and a new one for a school or a kind.</summary>
internal sealed class SilencesModel(HubDbContext db, AlertDesk desk, TimeProvider clock) : PageModel
{
    /// <summary>The whole county, where a school could be named.</summary>
    public const string County = "county";

    public IReadOnlyList<SilenceLine> InForce { get; private set; } = [];

    /// <summary>Of the last 30 days, newest first.</summary>
    public IReadOnlyList<SilenceLine> Past { get; private set; } = [];

    public IReadOnlyList<(Guid Id, string Name)> Schools { get; private set; } = [];

    public bool MayCare { get; private set; }

    /// <summary>May silence a kind in the whole county.</summary>
    public bool WholeCounty { get; private set; }

    public AlertRefusal? Refusal { get; private set; }

    public SilenceWritten Written { get; private set; } = new();

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel) => await ReadAsync(cancel) ?? Page();

    public Task<IActionResult> OnPostAsync(string? school, AlertKind? kind, int hours, string? reason, CancellationToken cancel)
    {
        Written = new SilenceWritten(school, kind, hours, reason);
        Guid? place = Guid.TryParse(school, out Guid id) ? id : null;
        return DoAsync(
            async c => place is null && school != County
                ? AlertRefusal.NoPlace
                : await desk.SilenceAsync(new SilenceScope(place, Kind: kind), reason, clock.GetUtcNow().AddHours(OneModel.Hours.Contains(hours) ? hours : 0), c, cancel), cancel);
    }

    public Task<IActionResult> OnPostLiftAsync(Guid id, CancellationToken cancel) => DoAsync(c => desk.LiftAsync(id, c, cancel), cancel);

    private async Task<IActionResult> DoAsync(Func<Caller, Task<AlertRefusal?>> act, CancellationToken cancel)
    {
        if (Caller.From(User) is not { } caller)
        {
            return Forbid();
        }

        Refusal = await act(caller);
        return Refusal switch
        {
            null => Redirect("/alerts/silences"),
            AlertRefusal.Unknown => NotFound(),
            AlertRefusal.NotAllowed => Forbid(),
            _ => await ReadAsync(cancel) ?? Page(),
        };
    }

    private async Task<IActionResult?> ReadAsync(CancellationToken cancel)
    {
        if (Caller.From(User) is not { } caller || !FleetRights.MaySee(caller))
        {
            return Forbid();
        }

        DateTimeOffset now = clock.GetUtcNow(), since = now.AddDays(-30);
        IQueryable<AlertSilence> silences = db.Set<AlertSilence>().AsNoTracking().Where(s => s.Until > since);
        if (!FleetRights.SeesAll(caller))
        {
            silences = silences.Where(s => s.SchoolId == caller.SchoolId || s.SchoolId == null);
        }

        var rooms = await db.Set<Classroom>().AsNoTracking().Select(r => new { r.Id, r.Name }).ToDictionaryAsync(r => r.Id, r => r.Name, cancel);
        var devices = await db.Set<Device>().AsNoTracking().Select(d => new { d.Id, Room = d.Classroom.Name }).ToDictionaryAsync(d => d.Id, d => d.Room, cancel);
        var schools = await db.Set<School>().AsNoTracking().OrderBy(s => s.Kind).ThenBy(s => s.Name).Select(s => new { s.Id, s.Name }).ToListAsync(cancel);
        Dictionary<Guid, string> names = schools.ToDictionary(s => s.Id, s => s.Name);
        List<SilenceLine> lines = [.. (await silences.ToListAsync(cancel)).Select(s => new SilenceLine(s, PlaceOf(s)))];
        InForce = [.. lines.Where(l => l.Silence.IsInForce(now)).OrderBy(l => l.Silence.Until)];
        Past = [.. lines.Where(l => !l.Silence.IsInForce(now)).OrderByDescending(l => l.Silence.LiftedAt ?? l.Silence.Until).Take(50)];
        (MayCare, WholeCounty) = (FleetRights.MayCare(caller), AlertRights.MayRule(caller));
        Schools = [.. schools.Where(s => FleetRights.SeesAll(caller) || s.Id == caller.SchoolId).Select(s => (s.Id, s.Name))];
        return null;

        string? PlaceOf(AlertSilence silence) => silence.SchoolId is not { } school ? null
            : string.Join(' ', new[]
            {
                names.GetValueOrDefault(school),
                silence.RoomId is { } room ? rooms.GetValueOrDefault(room) : silence.DeviceId is { } device ? devices.GetValueOrDefault(device) : null,
            }.Where(n => n is not null));
    }
}
