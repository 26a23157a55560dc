using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Hosting;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Devices.Alerts.Delivery;

/// <summary>What a test message came to.</summary>
internal sealed record TrialShown(DeliveryOutcome? Outcome);

/// <summary>One channel with how it fares.</summary>
/// <param name="Waiting">Messages that are to go out.</param>
/// <param name="Dead">Those laid aside, the newest first.</param>
/// <param name="Trial">Null: nobody has just tried it.</param>
internal sealed record ChannelCard(AlertChannel Row, AlertChannelHealth? Health, int Waiting, IReadOnlyList<DeadMessage> Dead, int DeadCount, TrialShown? Trial);

internal sealed record DeadMessage(long Id, string Title, DateTimeOffset AddedAt, DeliveryFault? Fault);

/// <summary>通知渠道: where alerts go, how each channel fares, the test button, messages that were laid aside.</summary>
internal sealed class ChannelsModel(HubDbContext db, ChannelDesk desk, TimeProvider clock) : PageModel
{
    private const int MostDeadShown = 10;

    public IReadOnlyList<ChannelCard> Cards { get; private set; } = [];

    public DateTimeOffset Now { get; } = clock.GetUtcNow();

    public Task<IActionResult> OnGetAsync(CancellationToken cancel) => ShowAsync(cancel);

    /// <summary>One card, for a page that is open.</summary>
    public async Task<IActionResult> OnGetCardAsync(Guid id, CancellationToken cancel) => await ReadAsync(id, null, cancel) ?? CardOf(id);

    [EnableRateLimiting(RateLimits.AlertTrial)]
    public async Task<IActionResult> OnPostTestAsync(Guid id, CancellationToken cancel)
    {
        if (Forbidden() is { } refused)
        {
            return refused;
        }

        Result<DeliveryOutcome, TrialRefusal> result = await desk.TryAsync(id, Caller.From(User)!, cancel);
        if (result.Refusal == TrialRefusal.Unknown)
        {
            return NotFound();
        }

        var shown = new TrialShown(result.IsOk ? result.Value : null);
        if (Request.Headers.ContainsKey("HX-Request"))
        {
            return await ReadAsync(id, shown, cancel) ?? CardOf(id);
        }

        return await ReadAsync(null, null, cancel) is { } failed ? failed : WithTrial(id, shown);
    }

    public Task<IActionResult> OnPostSwitchAsync(Guid id, bool on, CancellationToken cancel) => DoAsync(caller => desk.SwitchAsync(id, on, caller, cancel));

    public Task<IActionResult> OnPostRemoveAsync(Guid id, CancellationToken cancel) => DoAsync(caller => desk.RemoveAsync(id, caller, cancel));

    public Task<IActionResult> OnPostResendAsync(Guid id, long? message, CancellationToken cancel) => DoAsync(caller => desk.ResendAsync(id, message, caller, cancel));

    public Task<IActionResult> OnPostDiscardAsync(Guid id, long? message, CancellationToken cancel) => DoAsync(caller => desk.DiscardAsync(id, message, caller, cancel));

    private async Task<IActionResult> DoAsync<T>(Func<Caller, Task<T>> act)
    {
        if (Forbidden() is { } refused)
        {
            return refused;
        }

        await act(Caller.From(User)!); // what was not there any more is not there on the page that follows
        return RedirectToPage();
    }

    private async Task<IActionResult> ShowAsync(CancellationToken cancel) => await ReadAsync(null, null, cancel) ?? Page();

    private PageResult WithTrial(Guid id, TrialShown shown)
    {
        Cards = [.. Cards.Select(c => c.Row.Id == id ? c with { Trial = shown } : c)];
        return Page();
    }

    private IActionResult CardOf(Guid id) => Cards.FirstOrDefault(c => c.Row.Id == id) is { } card ? Partial("/Devices/Alerts/Delivery/_ChannelCard.cshtml", card) : NotFound();

    private ForbidResult? Forbidden() => Caller.From(User) is { } caller && ChannelDesk.MayKeep(caller) ? null : Forbid();

    /// <param name="only">Null: all.</param>
    private async Task<IActionResult?> ReadAsync(Guid? only, TrialShown? trial, CancellationToken cancel)
    {
        if (Forbidden() is { } refused)
        {
            return refused;
        }

        List<AlertChannel> rows = await db.Set<AlertChannel>().AsNoTracking().Where(c => c.RemovedAt == null && (only == null || c.Id == only))
            .Include(c => c.Schools).ThenInclude(s => s.School).OrderBy(c => c.CreatedAt).ToListAsync(cancel);
        Dictionary<Guid, AlertChannelHealth> health = await db.Set<AlertChannelHealth>().AsNoTracking().ToDictionaryAsync(h => h.ChannelId, cancel);
        var counts = (await db.Set<AlertMessage>().Where(m => m.State != MessageState.Sent && m.State != MessageState.Discarded)
            .GroupBy(m => new { m.ChannelId, Dead = m.State == MessageState.Dead }).Select(g => new { g.Key, Count = g.Count() }).ToListAsync(cancel))
            .ToDictionary(g => (g.Key.ChannelId, g.Key.Dead), g => g.Count);
        List<ChannelCard> cards = [];
        foreach (AlertChannel row in rows)
        {
            int dead = counts.GetValueOrDefault((row.Id, true));
            IReadOnlyList<DeadMessage> shown = dead == 0 ? [] : await db.Set<AlertMessage>().Where(m => m.ChannelId == row.Id && m.State == MessageState.Dead)
                .OrderByDescending(m => m.Id).Take(MostDeadShown).Select(m => new DeadMessage(m.Id, m.Title, m.AddedAt, m.Fault)).ToListAsync(cancel);
            cards.Add(new ChannelCard(row, health.GetValueOrDefault(row.Id), counts.GetValueOrDefault((row.Id, false)), shown, dead, trial));
        }

        Cards = cards;
        return null;
    }
}
