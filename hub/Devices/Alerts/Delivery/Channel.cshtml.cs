using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Schools;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Devices.Alerts.Delivery;

/// <summary>One channel's settings: a new one's, or those of one that is there. What is secret is asked for and never shown.</summary>
internal sealed class ChannelModel(HubDbContext db, ChannelDesk desk, SecretBox box) : PageModel
{
    public const string New = "new";

    public ChannelKind Kind { get; private set; }

    /// <summary>Null: a new one.</summary>
    public Guid? ChannelId { get; private set; }

    /// <summary>Of the channel as it is stored.</summary>
    public string Target { get; private set; } = "";

    public bool HasKey { get; private set; }

    [BindProperty]
    public ChannelForm Form { get; set; } = new();

    public IReadOnlyList<ChannelFault> Faults { get; private set; } = [];

    public IReadOnlyList<(string Town, IReadOnlyList<School> Schools)> Towns { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync(string id, ChannelKind? kind, CancellationToken cancel)
    {
        if (await ReadAsync(id, kind, cancel) is { } refused)
        {
            return refused;
        }

        Form = await RowAsync(cancel) is { } row
            ? ChannelForm.Of(row)
            : new ChannelForm { Language = "zh-CN", MailPort = 465, MailSecurity = MailSecurity.Tls };
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(string id, ChannelKind? kind, CancellationToken cancel)
    {
        if (await ReadAsync(id, kind, cancel) is { } refused)
        {
            return refused;
        }

        Caller caller = Caller.From(User)!;
        Faults = ChannelId is { } known ? await desk.ChangeAsync(known, Form, caller, cancel) : await desk.AddAsync(Kind, Form, caller, cancel);
        if (Faults.Count == 0)
        {
            return Redirect("/alerts/channels");
        }

        (Form.Address, Form.Key) = (null, null); // a secret does not go back into a page, not even to the one who typed it
        ModelState.Clear();
        return Page();
    }

    public bool Wrong(params ChannelFault[] faults) => faults.Any(Faults.Contains);

    private Task<AlertChannel?> RowAsync(CancellationToken cancel) => ChannelId is not { } id
        ? Task.FromResult<AlertChannel?>(null)
        : db.Set<AlertChannel>().AsNoTracking().Include(c => c.Schools).SingleOrDefaultAsync(c => c.Id == id && c.RemovedAt == null, cancel);

    private async Task<IActionResult?> ReadAsync(string id, ChannelKind? kind, CancellationToken cancel)
    {
        if (Caller.From(User) is not { } caller || !ChannelDesk.MayKeep(caller))
        {
            return Forbid();
        }

        ChannelId = Guid.TryParse(id, out Guid known) ? known : null;
        AlertChannel? row = await RowAsync(cancel);
        if (ChannelId is null ? id != New || kind is null || !Enum.IsDefined(kind.Value) : row is null)
        {
            return NotFound();
        }

        Kind = row?.Kind ?? kind!.Value;
        Target = row?.Target ?? "";
        HasKey = row is not null && box.Open(row.Secrets)?.Key is not null;
        Towns = [.. (await db.Set<School>().AsNoTracking().OrderBy(s => s.Town).ThenBy(s => s.Name).ToListAsync(cancel))
            .GroupBy(s => s.Town).Select(g => (g.Key, (IReadOnlyList<School>)[.. g]))];
        Response.Headers.CacheControl = "no-store";
        return null;
    }
}
