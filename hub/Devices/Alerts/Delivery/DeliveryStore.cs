using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Devices.Alerts.Delivery;

/// <summary>What becomes of one message of a batch that did not arrive.</summary>
/// <param name="NextTryAt">Null: it is laid aside.</param>
internal sealed record FailedMessage(long Id, DateTimeOffset? NextTryAt);

/// <summary>The queue on disk; every step is one transaction. One caller: the <see cref="DeliveryLoop"/>.</summary>
internal sealed class DeliveryStore(IServiceScopeFactory scopes)
{
    /// <summary>What a hub that died was sending waits again.</summary>
    /// <returns>How many messages.</returns>
    public Task<int> RecoverAsync(CancellationToken stop) => WithAsync(db => db.Set<AlertMessage>().Where(m => m.State == MessageState.Sending)
        .ExecuteUpdateAsync(set => set.SetProperty(m => m.State, MessageState.Queued).SetProperty(m => m.Batch, (Guid?)null), stop));

    public Task<List<AlertChannelHealth>> ReadHealthAsync(CancellationToken stop) => WithAsync(db => db.Set<AlertChannelHealth>().AsNoTracking().ToListAsync(stop));

    /// <summary>The channels that messages wait for.</summary>
    public Task<List<Guid>> ChannelsWaitingAsync(CancellationToken stop) => WithAsync(db => db.Set<AlertMessage>().AsNoTracking()
        .Where(m => m.State == MessageState.Queued || m.State == MessageState.Retry).Select(m => m.ChannelId).Distinct().ToListAsync(stop));

    /// <returns>The first of one channel's in their order, without their texts.</returns>
    public Task<List<WaitingMessage>> WaitingAsync(Guid channelId, CancellationToken stop) => WithAsync(db => db.Set<AlertMessage>().AsNoTracking()
        .Where(m => m.ChannelId == channelId && (m.State == MessageState.Queued || m.State == MessageState.Retry)).OrderBy(m => m.Id).Take(DeliveryPlan.MostMerged)
        .Select(m => new WaitingMessage(m.Id, m.ChannelId, m.Tries, m.AddedAt, m.NextTryAt, m.Fault == DeliveryFault.BadMessage)).ToListAsync(stop));

    /// <summary>Writes down that these are being sent, before they are.</summary>
    /// <returns>Their texts in their order; those that cannot be read are laid aside and missing.</returns>
    public Task<List<(long Id, AlertNotice Notice)>> BeginAsync(IReadOnlyList<long> ids, AlertChannelHealth health, Guid batch, DateTimeOffset now, CancellationToken stop) => WithAsync(async db =>
    {
        List<AlertMessage> rows = await db.Set<AlertMessage>().Where(m => ids.Contains(m.Id)).OrderBy(m => m.Id).ToListAsync(stop);
        List<(long, AlertNotice)> begun = [];
        foreach (AlertMessage row in rows)
        {
            (row.Tries, row.TriedAt, row.NextTryAt) = (row.Tries + 1, now, null);
            if (NoticeQueue.Read(row.Notice) is { } notice)
            {
                (row.State, row.Batch) = (MessageState.Sending, batch);
                begun.Add((row.Id, notice));
            }
            else
            {
                (row.State, row.EndedAt, row.Fault) = (MessageState.Dead, now, DeliveryFault.Internal);
            }
        }

        await PutAsync(db, health, stop);
        await db.SaveChangesAsync(stop);
        return begun;
    });

    public Task ArrivedAsync(IReadOnlyList<long> ids, AlertChannelHealth health, DateTimeOffset now, CancellationToken stop) => WithAsync(async db =>
    {
        foreach (AlertMessage row in await db.Set<AlertMessage>().Where(m => ids.Contains(m.Id)).ToListAsync(stop))
        {
            (row.State, row.EndedAt, row.Fault, row.Detail) = (MessageState.Sent, now, null, null);
        }

        await PutAsync(db, health, stop);
        return await db.SaveChangesAsync(stop);
    });

    public Task FailedAsync(IReadOnlyList<FailedMessage> messages, DeliveryOutcome outcome, AlertChannelHealth health, DateTimeOffset now, CancellationToken stop) => WithAsync(async db =>
    {
        Dictionary<long, DateTimeOffset?> next = messages.ToDictionary(m => m.Id, m => m.NextTryAt);
        foreach (AlertMessage row in await db.Set<AlertMessage>().Where(m => next.Keys.Contains(m.Id)).ToListAsync(stop))
        {
            row.NextTryAt = next[row.Id];
            (row.State, row.EndedAt) = row.NextTryAt is null ? (MessageState.Dead, now) : (MessageState.Retry, (DateTimeOffset?)null);
            (row.Fault, row.Detail) = (outcome.Fault, outcome.Detail);
        }

        await PutAsync(db, health, stop);
        return await db.SaveChangesAsync(stop);
    });

    public Task SaveHealthAsync(AlertChannelHealth health, CancellationToken stop) => WithAsync(async db =>
    {
        await PutAsync(db, health, stop);
        return await db.SaveChangesAsync(stop);
    });

    /// <summary>What waits for a channel is due at once: staff changed or tried it.</summary>
    public Task<int> HurryAsync(Guid channelId, CancellationToken stop) => WithAsync(db => db.Set<AlertMessage>()
        .Where(m => m.ChannelId == channelId && m.State == MessageState.Retry).ExecuteUpdateAsync(set => set.SetProperty(m => m.NextTryAt, (DateTimeOffset?)null), stop));

    /// <summary>Lays aside what has waited since before <paramref name="added"/>.</summary>
    public Task<int> ExpireAsync(DateTimeOffset added, DateTimeOffset now, CancellationToken stop) => WithAsync(db => db.Set<AlertMessage>()
        .Where(m => (m.State == MessageState.Queued || m.State == MessageState.Retry) && m.AddedAt < added)
        .ExecuteUpdateAsync(set => set
            .SetProperty(m => m.State, MessageState.Dead).SetProperty(m => m.EndedAt, now)
            .SetProperty(m => m.Fault, m => m.Fault == null ? DeliveryFault.Expired : m.Fault), stop));

    /// <summary>Forgets what ended before.</summary>
    public Task<int> ForgetAsync(DateTimeOffset ended, CancellationToken stop) =>
        WithAsync(db => db.Set<AlertMessage>().Where(m => m.EndedAt < ended).ExecuteDeleteAsync(stop));

    private static async Task PutAsync(HubDbContext db, AlertChannelHealth health, CancellationToken stop)
    {
        if (await db.Set<AlertChannelHealth>().SingleOrDefaultAsync(h => h.ChannelId == health.ChannelId, stop) is { } row)
        {
            db.Entry(row).CurrentValues.SetValues(health);
        }
        else
        {
            db.Entry(health).State = EntityState.Added;
        }
    }

    private async Task<T> WithAsync<T>(Func<HubDbContext, Task<T>> use)
    {
        await using AsyncServiceScope scope = scopes.CreateAsyncScope();
        return await use(scope.ServiceProvider.GetRequiredService<HubDbContext>());
    }
}
