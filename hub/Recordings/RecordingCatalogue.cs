using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Recordings;

/// <summary>
/// The table of recordings. A database that is busy or away is asked again until it has answered: a file that is not noted would be lost to everybody.
/// Thread-safe: each call has a context of its own.
/// </summary>
internal sealed class RecordingCatalogue(IServiceScopeFactory scopes, ILogger<RecordingCatalogue> log, TimeProvider time)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    /// <summary>Adds the row; one that is there already is left as it is.</summary>
    public Task AddAsync(Recording row, CancellationToken stop = default) => WithAsync(
        async db =>
        {
            if (!await db.Set<Recording>().AnyAsync(r => r.Id == row.Id, stop))
            {
                db.Add(row);
                await db.SaveChangesAsync(stop);
            }
        },
        stop);

    /// <summary>Writes the row's file name, length, size and state.</summary>
    public Task UpdateAsync(Recording row, CancellationToken stop = default) => WithAsync(
        db => db.Set<Recording>().Where(r => r.Id == row.Id).ExecuteUpdateAsync(
            set => set
                .SetProperty(r => r.FileName, row.FileName)
                .SetProperty(r => r.DurationMs, row.DurationMs)
                .SetProperty(r => r.Bytes, row.Bytes)
                .SetProperty(r => r.State, row.State),
            stop),
        stop);

    public Task RemoveAsync(Recording row, CancellationToken stop = default) =>
        WithAsync(db => db.Set<Recording>().Where(r => r.Id == row.Id).ExecuteDeleteAsync(stop), stop);

    public async Task<IReadOnlyList<Recording>> UnfinishedAsync(CancellationToken stop = default)
    {
        List<Recording> rows = [];
        await WithAsync(
            async db => rows = await db.Set<Recording>().AsNoTracking()
                .Where(r => r.State == RecordingState.Writing || r.State == RecordingState.Closed)
                .ToListAsync(stop),
            stop);
        return rows;
    }

    /// <summary>Of these ids, the ones that have a row.</summary>
    public async Task<HashSet<Guid>> KnownAsync(IReadOnlyCollection<Guid> ids, CancellationToken stop)
    {
        HashSet<Guid> known = [];
        await WithAsync(async db => known = [.. await db.Set<Recording>().Where(r => ids.Contains(r.Id)).Select(r => r.Id).ToListAsync(stop)], stop);
        return known;
    }

    /// <exception cref="OperationCanceledException">The hub stops, and the database has still not answered.</exception>
    private async Task WithAsync(Func<HubDbContext, Task> act, CancellationToken stop)
    {
        for (TimeSpan pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                await using AsyncServiceScope scope = scopes.CreateAsyncScope();
                await act(scope.ServiceProvider.GetRequiredService<HubDbContext>());
                return;
            }
            catch (Exception fault) when (fault is DbUpdateException or DbException or InvalidOperationException { InnerException: DbException })
            {
                RecordingsLog.CatalogueFault(log, fault);
                await Task.Delay(pause, time, stop);
            }
        }
    }
}
