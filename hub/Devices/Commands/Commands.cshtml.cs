using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Devices.Fleet;
using ThreeClassrooms.Hub.Devices.Releases;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Devices.Commands;

/// <summary>
/// The commands of one device: its panel stands on the device's page, which fetches the parts that change from here; without scripts it is a page of its own.
/// </summary>
internal sealed class CommandsModel(HubDbContext db, CommandDesk desk, PictureDesk pictures, ReleaseOffer offer, CommandFiles files, AuditTrail audit) : PageModel
{
    private const int Rows = 100;

    public Device Device { get; private set; } = null!;

    public CommandPanel Panel { get; private set; } = null!;

    private bool OfPage => Request.Headers.ContainsKey("HX-Request");

    public async Task<IActionResult> OnGetAsync(string id, CancellationToken cancel) => await ReadAsync(id, null, Rows, cancel) ?? Page();

    public async Task<IActionResult> OnGetLogAsync(string id, CancellationToken cancel) =>
        await ReadAsync(id, null, null, cancel) ?? Partial("/Devices/Commands/_Log.cshtml", (Panel, false));

    public async Task<IActionResult> OnPostAskAsync(string id, CommandKind kind, int? value, string? text, bool despiteLesson, bool sure, CancellationToken cancel)
    {
        if (Caller.From(User) is not { } caller)
        {
            return Forbid();
        }

        if (CommandRules.Of(kind) is { Sure: true } && CommandRights.MayAsk(caller, kind) && !sure)
        {
            return await AnswerAsync(id, new CommandReplied(kind, value, text, AskSure: true), cancel);
        }

        Result<Guid, CommandRefusal> asked = await desk.AskAsync(id, kind, new CommandWish(value, text), despiteLesson, caller, cancel);
        return await AnswerAsync(id, new CommandReplied(kind, value, text, asked.Refusal), cancel);
    }

    public async Task<IActionResult> OnPostCancelAsync(string id, Guid command, CancellationToken cancel) => Caller.From(User) is { } caller
        ? await AnswerAsync(id, new CommandReplied(default, null, null, await desk.CancelAsync(id, command, caller, cancel), TakenBack: true), cancel)
        : Forbid();

    /// <summary>A picture or log. Every look is noted.</summary>
    public async Task<IActionResult> OnGetFileAsync(string id, Guid command, CancellationToken cancel)
    {
        if (await ReadAsync(id, null, null, cancel) is { } refused)
        {
            return refused;
        }

        Caller caller = Caller.From(User)!;
        if (await db.Set<DeviceCommand>().AsNoTracking().SingleOrDefaultAsync(c => c.Id == command && c.DeviceId == id, cancel) is not { } asked
            || CommandFileRule.Of(asked.Kind) is not { } rule || await files.OpenAsync(command, cancel) is not { } file)
        {
            return NotFound();
        }

        if (!CommandRights.MayAsk(caller, asked.Kind))
        {
            await file.DisposeAsync();
            return Forbid();
        }

        await audit.WriteAsync(asked.Kind == CommandKind.Snapshot ? AuditAction.WatchedPicture : AuditAction.ReadDeviceLog, caller.AccountId, caller.Login, id, command.ToString());
        Response.Headers.CacheControl = "no-store";
        return asked.Kind == CommandKind.Snapshot ? File(file, rule.ContentType) : File(file, rule.ContentType, $"{id}-{asked.AskedAt:yyyyMMdd-HHmm}.{rule.Extension}");
    }

    public async Task<IActionResult> OnPostAgreeAsync(string id, bool agreed, CancellationToken cancel) =>
        Caller.From(User) is { } caller && await pictures.SetAsync(id, agreed, caller, cancel) ? LocalRedirect($"/devices/{id}#commands") : Forbid();

    private async Task<IActionResult> AnswerAsync(string id, CommandReplied replied, CancellationToken cancel) => replied.Refusal switch
    {
        CommandRefusal.UnknownDevice => NotFound(),
        CommandRefusal.NotAllowed => Forbid(),
        null when !OfPage && !replied.AskSure => LocalRedirect($"/devices/{id}#commands"),
        _ => await ReadAsync(id, replied, OfPage ? null : Rows, cancel) ?? (OfPage ? Partial("/Devices/Commands/_Answered.cshtml", Panel) : Page()),
    };

    private async Task<IActionResult?> ReadAsync(string id, CommandReplied? replied, int? most, CancellationToken cancel)
    {
        if (Caller.From(User) is not { } caller || !FleetRights.MaySee(caller))
        {
            return Forbid();
        }

        if (await db.Set<Device>().Of(caller).AsNoTracking().Include(d => d.Classroom).ThenInclude(r => r.School).SingleOrDefaultAsync(d => d.Id == id, cancel) is not { } device)
        {
            return NotFound();
        }

        Device = device;
        Panel = await CommandPanel.ReadAsync(desk, pictures, offer, device, caller, replied, most, cancel);
        return null;
    }
}
