using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Hub.Devices.Inbox;

/// <summary>How far a stream has come, as arithmetic on numbers. Pure.</summary>
internal static class StreamProgress
{
    /// <summary>More holes than this are not listed: the device goes on from the first one anyway.</summary>
    private const int MostRanges = 50;

    /// <param name="through">Everything up to here is accounted for.</param>
    /// <param name="held">Numbers above it that are kept, in any order.</param>
    /// <param name="dropped">Ranges declared dropped, in any order; they may overlap with each other and with what is kept.</param>
    /// <param name="highest">Highest number heard of before.</param>
    public static (long Through, long Highest, IReadOnlyList<SequenceRange> Missing) Of(
        long through, IEnumerable<long> held, IEnumerable<SequenceRange> dropped, long highest)
    {
        List<SequenceRange> missing = [];
        long at = through, first = through;
        foreach (SequenceRange range in held.Select(n => new SequenceRange(n, n)).Concat(dropped).OrderBy(r => r.From))
        {
            if (range.From > at + 1)
            {
                missing.Add(new SequenceRange(at + 1, range.From - 1));
            }
            else if (missing.Count == 0)
            {
                first = Math.Max(first, range.Through);
            }

            at = Math.Max(at, range.Through);
        }

        if (highest > at)
        {
            missing.Add(new SequenceRange(at + 1, highest));
        }

        return (first, Math.Max(at, highest), [.. missing.Take(MostRanges)]);
    }
}
