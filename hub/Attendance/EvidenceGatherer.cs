using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Attendance;

/// <summary>One series of the hub's own observations.</summary>
/// <param name="StreamId">What was forwarded to the seat; null for what the seat sent.</param>
internal readonly record struct EvidenceKey(Guid LessonId, string SeatId, EvidenceKind Kind, string? StreamId, bool Good, bool Seen, bool Heard);

/// <summary>
/// Joins observations of about a second into intervals and hands them over to be stored every few seconds. One owner; not thread-safe.
/// </summary>
internal sealed class EvidenceGatherer
{
    /// <summary>Observations follow each other once a second; what lies closer than this belongs together.</summary>
    private static readonly TimeSpan Joint = TimeSpan.FromMilliseconds(1500);

    private readonly Dictionary<EvidenceKey, (DateTimeOffset From, DateTimeOffset To)> _open = [];
    private readonly List<EvidenceInterval> _closed = [];

    /// <summary>Adds [from, to); empty and reversed stretches are ignored.</summary>
    public void Add(EvidenceKey key, DateTimeOffset from, DateTimeOffset to)
    {
        if (to <= from)
        {
            return;
        }

        if (!_open.TryGetValue(key, out var open))
        {
            _open[key] = (from, to);
        }
        else if (from <= open.To + Joint && to >= open.From - Joint)
        {
            _open[key] = (from < open.From ? from : open.From, to > open.To ? to : open.To);
        }
        else
        {
            Close(key, open);
            _open[key] = (from, to);
        }
    }

    /// <summary>Takes everything gathered since the last call.</summary>
    /// <param name="now">UTC, stored as the time of recording.</param>
    public IReadOnlyList<EvidenceInterval> TakeAll(DateTimeOffset now)
    {
        foreach ((EvidenceKey key, var open) in _open)
        {
            Close(key, open);
        }

        _open.Clear();
        EvidenceInterval[] taken = [.. _closed];
        _closed.Clear();
        foreach (EvidenceInterval interval in taken)
        {
            interval.RecordedAt = now;
        }

        return taken;
    }

    private void Close(EvidenceKey key, (DateTimeOffset From, DateTimeOffset To) open) => _closed.Add(new EvidenceInterval
    {
        LessonId = key.LessonId,
        SeatId = key.SeatId,
        Source = EvidenceSource.Hub,
        Kind = key.Kind,
        StreamId = key.StreamId,
        Good = key.Good,
        Seen = key.Seen,
        Heard = key.Heard,
        From = open.From,
        To = open.To,
    });
}

/// <summary>Stores gathered evidence. What cannot be written now (a busy database) is written with what comes next. Thread-safe.</summary>
internal sealed class EvidenceStore(IServiceScopeFactory scopes)
{
    /// <summary>An hour of a county of 20 lessons: beyond it the oldest is given up.</summary>
    private const int MostWaiting = 200_000;

    private readonly Lock _lock = new();
    private List<EvidenceInterval> _waiting = [];

    public async Task AppendAsync(IReadOnlyCollection<EvidenceInterval> intervals)
    {
        List<EvidenceInterval> batch;
        lock (_lock)
        {
            (batch, _waiting) = ([.. _waiting, .. intervals], []);
        }

        if (batch.Count == 0)
        {
            return;
        }

        try
        {
            await using AsyncServiceScope scope = scopes.CreateAsyncScope();
            HubDbContext db = scope.ServiceProvider.GetRequiredService<HubDbContext>();
            db.AddRange(batch);
            await db.SaveChangesAsync();
        }
        catch
        {
            lock (_lock)
            {
                _waiting = [.. batch.Concat(_waiting).TakeLast(MostWaiting)];
            }

            throw;
        }
    }
}
