using ThreeClassrooms.Hub.Attendance;

namespace ThreeClassrooms.Hub.Lessons;

/// <summary>
/// The hub's own observations between being made and being stored. What could not be stored is kept by the store and tried again: a database that is busy
/// costs no evidence. Thread-safe.
/// </summary>
internal sealed class EvidenceBook(EvidenceStore store, TimeProvider clock) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly EvidenceGatherer _gatherer = new();
    private readonly SemaphoreSlim _storing = new(1);

    public void Dispose() => _storing.Dispose();

    public void Add(EvidenceKey key, DateTimeOffset from, DateTimeOffset to)
    {
        lock (_gate)
        {
            _gatherer.Add(key, from, to);
        }
    }

    /// <summary>Stores everything up to now; fails when the database does, and keeps all of it then.</summary>
    public async Task StoreAsync()
    {
        await _storing.WaitAsync();
        try
        {
            IReadOnlyList<EvidenceInterval> gathered;
            lock (_gate)
            {
                gathered = _gatherer.TakeAll(clock.GetUtcNow());
            }

            await store.AppendAsync(gathered);
        }
        finally
        {
            _storing.Release();
        }
    }
}
