using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Recordings;

/// <summary>The table of recordings. Thread-safe: each call has a context of its own.</summary>
internal sealed class RecordingCatalogue(IServiceScopeFactory scopes)
{
    public Task AddAsync(Recording row) => WithAsync(async db =>
    {
        db.Add(row);
        await db.SaveChangesAsync();
    });

    /// <summary>Writes the row's file name, length, size and state.</summary>
    public Task UpdateAsync(Recording row) => WithAsync(db => db.Set<Recording>().Where(r => r.Id == row.Id).ExecuteUpdateAsync(set => set
        .SetProperty(r => r.FileName, row.FileName)
        .SetProperty(r => r.DurationMs, row.DurationMs)
        .SetProperty(r => r.Bytes, row.Bytes)
        .SetProperty(r => r.State, row.State)));

    public Task RemoveAsync(Recording row) => WithAsync(db => db.Set<Recording>().Where(r => r.Id == row.Id).ExecuteDeleteAsync());

    public async Task<IReadOnlyList<Recording>> UnfinishedAsync()
    {
        await using AsyncServiceScope scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<HubDbContext>().Set<Recording>().AsNoTracking()
            .Where(r => r.State == RecordingState.Writing || r.State == RecordingState.Closed)
            .ToListAsync();
    }

    private async Task WithAsync(Func<HubDbContext, Task> act)
    {
        await using AsyncServiceScope scope = scopes.CreateAsyncScope();
        await act(scope.ServiceProvider.GetRequiredService<HubDbContext>());
    }
}
