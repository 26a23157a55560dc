namespace ThreeClassrooms.Hub.Credit.Judging;

/// <summary>A stretch of UTC time, [<see cref="From"/>, <see cref="To"/>).</summary>
internal readonly record struct Stretch(DateTimeOffset From, DateTimeOffset To)
{
    public TimeSpan Length => To - From;
}

/// <summary>
/// A set of instants as sorted, disjoint, non-touching stretches. Immutable; every operation returns a new set. Order and overlap of what
/// it is made from do not matter.
/// </summary>
internal sealed class TimeSpanSet
{
    public static readonly TimeSpanSet Empty = new([]);

    private readonly Stretch[] _stretches;

    private TimeSpanSet(Stretch[] stretches) => _stretches = stretches;

    public IReadOnlyList<Stretch> Stretches => _stretches;

    public TimeSpan Length => TimeSpan.FromTicks(_stretches.Sum(s => s.Length.Ticks));

    /// <param name="stretches">In any order; empty and reversed ones are left out.</param>
    public static TimeSpanSet Of(IEnumerable<Stretch> stretches) => Merge(stretches, TimeSpan.Zero);

    public static TimeSpanSet Of(DateTimeOffset from, DateTimeOffset to) => Of([new Stretch(from, to)]);

    /// <summary>Instants that are in at least <paramref name="quorum"/> of the sets.</summary>
    /// <param name="quorum">1 or more.</param>
    public static TimeSpanSet InAtLeast(int quorum, IEnumerable<TimeSpanSet> sets)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(quorum, 1);
        // At one instant, ends come before starts, so that touching stretches never count double.
        IEnumerable<(DateTimeOffset At, int Change)> edges = sets
            .SelectMany(set => set._stretches)
            .SelectMany(s => new[] { (At: s.From, Change: 1), (At: s.To, Change: -1) })
            .OrderBy(e => e.At).ThenBy(e => e.Change);
        List<Stretch> found = [];
        int depth = 0;
        DateTimeOffset since = default;
        foreach ((DateTimeOffset at, int change) in edges)
        {
            int next = depth + change;
            if (depth < quorum && next >= quorum)
            {
                since = at;
            }
            else if (depth >= quorum && next < quorum)
            {
                found.Add(new Stretch(since, at));
            }

            depth = next;
        }

        return Of(found);
    }

    public TimeSpanSet Union(TimeSpanSet other) => Of(_stretches.Concat(other._stretches));

    public TimeSpanSet Intersect(TimeSpanSet other) => InAtLeast(2, [this, other]);

    public TimeSpanSet Except(TimeSpanSet other)
    {
        List<Stretch> left = [];
        foreach (Stretch mine in _stretches)
        {
            DateTimeOffset from = mine.From;
            foreach (Stretch theirs in other._stretches.Where(t => t.To > mine.From && t.From < mine.To))
            {
                left.Add(new Stretch(from, theirs.From));
                from = theirs.To > from ? theirs.To : from;
            }

            left.Add(new Stretch(from, mine.To));
        }

        return Of(left);
    }

    /// <summary>Joins what lies closer than <paramref name="gap"/>: pieces of one observation.</summary>
    public TimeSpanSet Join(TimeSpan gap) => Merge(_stretches, gap);

    /// <summary>
    /// Fills gaps that are shorter than <paramref name="gap"/> between stretches that are themselves at least as long: a short break in a lesson
    /// does no harm, but scraps do not make a lesson.
    /// </summary>
    public TimeSpanSet Bridge(TimeSpan gap)
    {
        Stretch[] worth = [.. _stretches.Where(s => s.Length >= gap)];
        IEnumerable<Stretch> breaks = worth.Zip(worth.Skip(1), (a, b) => new Stretch(a.To, b.From));
        return Of(_stretches.Concat(breaks.Where(b => b.Length < gap)));
    }

    /// <summary>Makes each stretch longer by <paramref name="by"/> at both ends.</summary>
    public TimeSpanSet Widen(TimeSpan by) => Of(_stretches.Select(s => new Stretch(s.From - by, s.To + by)));

    public TimeSpanSet Clip(DateTimeOffset from, DateTimeOffset to) => Intersect(Of(from, to));

    /// <summary>The gaps between the first and the last instant.</summary>
    public IEnumerable<Stretch> Gaps() => _stretches.Zip(_stretches.Skip(1), (a, b) => new Stretch(a.To, b.From));

    private static TimeSpanSet Merge(IEnumerable<Stretch> stretches, TimeSpan gap)
    {
        List<Stretch> merged = [];
        foreach (Stretch next in stretches.Where(s => s.To > s.From).OrderBy(s => s.From))
        {
            // Touching stretches always join; a gap joins when it is shorter than the bridge.
            if (merged.Count > 0 && (next.From <= merged[^1].To || next.From - merged[^1].To < gap))
            {
                Stretch last = merged[^1];
                merged[^1] = last with { To = next.To > last.To ? next.To : last.To };
            }
            else
            {
                merged.Add(next);
            }
        }

        return merged.Count == 0 ? Empty : new TimeSpanSet([.. merged]);
    }
}
