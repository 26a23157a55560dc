using System.Data.Common;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Devices.Inbox;

/// <summary>
/// Takes batches of records: what is new is stored together with its effect, what is known is acknowledged again, what contradicts is set
/// aside. The answer is given after the commit. Nothing depends on the order in which batches arrive.
/// </summary>
internal sealed class DeviceInbox(HubDbContext db, IEnumerable<IRecordEffect> effects, TimeProvider clock, ILogger<DeviceInbox> log)
{
    private const int Tries = 3;

    private readonly IRecordEffect[] _effects = [.. effects];

    /// <returns>Null: the database could not take it; nothing was stored.</returns>
    public async Task<StreamAck?> TakeAsync(DeviceCaller device, Guid epoch, string stream, StreamBatch batch, CancellationToken cancel)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await TakeOnceAsync(device, epoch, stream, batch, cancel);
            }
            catch (Exception fault) when (fault is DbException or DbUpdateException)
            {
                // Two batches with the same records at the same time: the other one has stored them by now.
                db.ChangeTracker.Clear();
                if (attempt == Tries)
                {
                    if (StorageFault.IsOfTheData(fault) && batch.Records.Count > 0)
                    {
                        return await TakeHalvesAsync(device, epoch, stream, batch, fault, cancel);
                    }

                    log.NotStored(device.DeviceId, stream, fault);
                    return null;
                }
            }
        }
    }

    /// <summary>The database refuses something in the batch for good: halved until the culprit stands alone, which is refused to the device for good too.</summary>
    private async Task<StreamAck?> TakeHalvesAsync(DeviceCaller device, Guid epoch, string stream, StreamBatch batch, Exception fault, CancellationToken cancel)
    {
        if (batch.Records.Count == 1)
        {
            log.NotStorable(device.DeviceId, epoch, stream, batch.Records[0].Sequence, fault);
            StreamAck? progress = await TakeAsync(device, epoch, stream, batch with { Records = [] }, cancel);
            return progress is null ? null : progress with { Refused = [.. progress.Refused, new RefusedRecord(batch.Records[0].Sequence, RecordRefusal.BadRecord)] };
        }

        int half = batch.Records.Count / 2;
        StreamAck? first = await TakeAsync(device, epoch, stream, batch with { Records = [.. batch.Records.Take(half)] }, cancel);
        StreamAck? second = first is null ? null : await TakeAsync(device, epoch, stream, batch with { Records = [.. batch.Records.Skip(half)], Dropped = [] }, cancel);
        return second is null ? null : second with { Refused = [.. first!.Refused, .. second.Refused], Conflicts = [.. first.Conflicts, .. second.Conflicts] };
    }

    private async Task<StreamAck> TakeOnceAsync(DeviceCaller device, Guid epoch, string stream, StreamBatch batch, CancellationToken cancel)
    {
        DateTimeOffset now = clock.GetUtcNow();
        await using IDbContextTransaction transaction = await db.Database.BeginTransactionAsync(cancel);
        BatchVerdict verdict = await CompareAsync(device.DeviceId, epoch, stream, batch, cancel);
        ReceivedRecord[] received = [.. verdict.New.Select(r => Received(device.DeviceId, epoch, stream, r, batch, now))];
        foreach (IRecordEffect effect in _effects)
        {
            ReceivedRecord[] its = [.. received.Where(r => effect.Types.Contains(r.Row.Type))];
            if (its.Length > 0)
            {
                await effect.ApplyAsync(db, device, its, cancel);
            }
        }

        db.AddRange(received.Select(r => r.Row));
        await AddConflictsAsync(device.DeviceId, epoch, stream, verdict, now, cancel);
        StreamAck ack = await ProgressAsync(device.DeviceId, epoch, stream, batch, verdict, now, cancel);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);

        foreach (IRecordEffect effect in _effects)
        {
            effect.OnCommitted([.. received.Where(r => effect.Types.Contains(r.Row.Type))]);
        }

        Report(device.DeviceId, epoch, stream, batch, verdict);
        return ack;
    }

    private async Task<BatchVerdict> CompareAsync(string deviceId, Guid epoch, string stream, StreamBatch batch, CancellationToken cancel)
    {
        if (batch.Records.Count == 0)
        {
            return new BatchVerdict([], [], [], 0);
        }

        long from = batch.Records.Min(r => r.Sequence), to = batch.Records.Max(r => r.Sequence);
        (long below, long above) = (from > long.MinValue ? from - 1 : from, to < long.MaxValue ? to + 1 : to);
        Guid[] ids = [.. batch.Records.Select(r => r.EventId)];
        var kept = await db.Set<InboxRecord>().AsNoTracking()
            .Where(r => r.DeviceId == deviceId && r.Epoch == epoch && r.Stream == stream && r.Sequence >= below && r.Sequence <= above)
            .Select(r => new { r.Sequence, r.EventId, r.Previous, r.Sha256 }).ToListAsync(cancel);
        List<Guid> taken = await db.Set<InboxRecord>().Where(r => ids.Contains(r.EventId)).Select(r => r.EventId).ToListAsync(cancel);
        return BatchCheck.Compare(
            epoch, stream, batch.Records, kept.ToDictionary(r => r.Sequence, r => new KeptRecord(r.EventId, r.Previous, r.Sha256)), taken.ToHashSet());
    }

    private async Task AddConflictsAsync(string deviceId, Guid epoch, string stream, BatchVerdict verdict, DateTimeOffset now, CancellationToken cancel)
    {
        string[] hashes = [.. verdict.Conflicts.Select(c => c.Record.Sha256)];
        List<string> aside = hashes.Length == 0 ? [] : await db.Set<InboxConflict>()
            .Where(c => c.DeviceId == deviceId && c.Epoch == epoch && c.Stream == stream && hashes.Contains(c.Sha256)).Select(c => c.Sha256).ToListAsync(cancel);
        db.AddRange(verdict.Conflicts.Where(c => !aside.Contains(c.Record.Sha256)).DistinctBy(c => c.Record.Sha256).Select(c => new InboxConflict
        {
            DeviceId = deviceId,
            Epoch = epoch,
            Stream = stream,
            Sequence = c.Record.Sequence,
            Sha256 = c.Record.Sha256,
            Reason = c.Reason,
            Record = JsonSerializer.Serialize(c.Record, DeviceJson.Options),
            ReceivedAt = now,
        }));
    }

    private async Task<StreamAck> ProgressAsync(
        string deviceId, Guid epoch, string stream, StreamBatch batch, BatchVerdict verdict, DateTimeOffset now, CancellationToken cancel)
    {
        InboxStream? progress = await db.Set<InboxStream>().SingleOrDefaultAsync(s => s.DeviceId == deviceId && s.Epoch == epoch && s.Stream == stream, cancel);
        if (progress is null)
        {
            progress = new InboxStream { DeviceId = deviceId, Epoch = epoch, Stream = stream };
            db.Add(progress);
        }

        long through = progress.Through;
        List<long> held = await db.Set<InboxRecord>()
            .Where(r => r.DeviceId == deviceId && r.Epoch == epoch && r.Stream == stream && r.Sequence > through).Select(r => r.Sequence).ToListAsync(cancel);
        var gaps = await db.Set<InboxGap>().Where(g => g.DeviceId == deviceId && g.Epoch == epoch && g.Stream == stream && g.Through > through)
            .Select(g => new { g.From, g.Through }).ToListAsync(cancel);
        List<SequenceRange> dropped = [.. gaps.Select(g => new SequenceRange(g.From, g.Through))];
        foreach (DroppedRange range in batch.Dropped.Where(d => d.Through > through && !dropped.Contains(new SequenceRange(d.From, d.Through))).Distinct())
        {
            dropped.Add(new SequenceRange(range.From, range.Through));
            db.Add(new InboxGap { DeviceId = deviceId, Epoch = epoch, Stream = stream, From = range.From, Through = range.Through, Reason = range.Reason, ReportedAt = now });
        }

        (progress.Through, progress.Highest, var missing) = StreamProgress.Of(through, held.Concat(verdict.New.Select(r => r.Sequence)), dropped, progress.Highest);
        progress.HeardAt = now;
        return new StreamAck(stream, epoch, progress.Through, missing, verdict.Refused, [.. verdict.Conflicts.Select(c => c.Record.Sequence)], now);
    }

    private static ReceivedRecord Received(string deviceId, Guid epoch, string stream, StreamRecord record, StreamBatch batch, DateTimeOffset now)
    {
        var time = RecordTime.Of(record, batch);
        return new ReceivedRecord(
            new InboxRecord
            {
                DeviceId = deviceId,
                Epoch = epoch,
                Stream = stream,
                Sequence = record.Sequence,
                EventId = record.EventId,
                Type = record.Type,
                Schema = record.Schema,
                ClaimedAt = record.At,
                CorrectedAt = time.At,
                ErrorMs = time.ErrorMs,
                MonoMs = record.MonoMs,
                Boot = record.Boot,
                Clock = record.Clock,
                Payload = record.Payload,
                Previous = record.Previous,
                Sha256 = record.Sha256,
                Historical = record.Historical,
                ReceivedAt = now,
            },
            time);
    }

    private void Report(string deviceId, Guid epoch, string stream, StreamBatch batch, BatchVerdict verdict)
    {
        InboxCounters.Kept.Add(verdict.New.Count);
        InboxCounters.Duplicates.Add(verdict.Duplicates);
        InboxCounters.Conflicts.Add(verdict.Conflicts.Count);
        InboxCounters.Refused.Add(verdict.Refused.Count);
        foreach ((StreamRecord record, ConflictReason reason) in verdict.Conflicts)
        {
            log.SetAside(deviceId, epoch, stream, record.Sequence, reason);
        }

        foreach (RefusedRecord refused in verdict.Refused)
        {
            log.RecordRefused(deviceId, epoch, stream, refused.Sequence, refused.Refusal);
        }

        foreach (DroppedRange range in batch.Dropped)
        {
            log.Dropped(deviceId, epoch, stream, range.From, range.Through, range.Reason);
        }
    }
}
