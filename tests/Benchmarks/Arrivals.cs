using ThreeClassrooms.Media.Rtp;

namespace ThreeClassrooms.Benchmarks;

/// <summary>What came of one source. One owner.</summary>
internal sealed class Arrivals
{
    private SequenceUnwrapper _unwrapper;
    private long _first = long.MaxValue;
    private long _last = long.MinValue;
    private long _count;

    /// <summary>Numbers between the first and the newest that did not come; nothing is sent twice here.</summary>
    public long Missing => _count == 0 ? 0 : _last - _first + 1 - _count;

    public void Add(SeqNo sequence)
    {
        long number = _unwrapper.Unwrap(sequence);
        (_first, _last) = (Math.Min(_first, number), Math.Max(_last, number));
        _count++;
    }
}
