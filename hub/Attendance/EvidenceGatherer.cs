using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Attendance;

/// <summary>One series of observations.</summary>
internal readonly record struct EvidenceKey(Guid LessonId, string SeatId, EvidenceSource Source, EvidenceKind Kind, bool Good);

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
        Source = key.Source,
        Kind = key.Kind,
        Good = key.Good,
        From = open.From,
        To = open.To,
    });
}

/// <summary>Stores gathered evidence. Thread-safe.</summary>
internal sealed class EvidenceStore(IServiceScopeFactory scopes)
{
    public async Task AppendAsync(IReadOnlyCollection<EvidenceInterval> intervals)
    {
        if (intervals.Count == 0)
        {
            return;
        }

        await using AsyncServiceScope scope = scopes.CreateAsyncScope();
        HubDbContext db = scope.ServiceProvider.GetRequiredService<HubDbContext>();
        db.AddRange(intervals);
        await db.SaveChangesAsync();
    }
}
