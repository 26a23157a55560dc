using FsCheck;
using FsCheck.Fluent;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Devices.Inbox;

namespace ThreeClassrooms.Hub.Tests.Devices.Inbox;

public sealed class StreamProgressTests
{
    [Fact]
    public void AgreesWithCountingNumbers() => Prop.ForAll(
        Gen.Choose(1, 40).ArrayOf().ToArbitrary(),
        (from first in Gen.Choose(1, 40) from length in Gen.Choose(0, 6) select new SequenceRange(first, first + length)).ArrayOf().ToArbitrary(),
        Gen.Choose(0, 50).ToArbitrary(),
        (held, dropped, highest) =>
        {
            HashSet<long> known = [.. held.Select(n => (long)n), .. dropped.SelectMany(d => Enumerable.Range((int)d.From, (int)(d.Through - d.From + 1)).Select(n => (long)n))];
            long top = Math.Max(highest, known.DefaultIfEmpty(0).Max());
            long through = 0;
            while (known.Contains(through + 1))
            {
                through++;
            }

            (long found, long foundTop, IReadOnlyList<SequenceRange> missing) = StreamProgress.Of(0, held.Select(n => (long)n), dropped, highest);
            IEnumerable<long> holes = missing.SelectMany(m => Enumerable.Range((int)m.From, (int)(m.Through - m.From + 1)).Select(n => (long)n));
            return found == through && foundTop == top
                && holes.SequenceEqual(Enumerable.Range(1, (int)top).Select(n => (long)n).Where(n => n > through && !known.Contains(n)));
        }).QuickCheckThrowOnFailure();
}
