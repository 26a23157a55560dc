namespace ThreeClassrooms.Media.Forwarding;

/// <summary>A stretch of a subscriber's stream that came from one source without a break.</summary>
/// <param name="Source">The track whose history holds the stretch.</param>
/// <param name="FirstSequence">The source's first sequence number in it, inclusive.</param>
/// <param name="FirstOut">The subscriber's number for that packet.</param>
/// <param name="TimestampOffset">Added to the source's timestamps, modulo 2^32.</param>
/// <param name="PictureIdOffset">Added to VP8 picture ids, modulo 2^15.</param>
/// <param name="Tl0Offset">Added to VP8 TL0PICIDX, modulo 2^8.</param>
public readonly record struct MapSegment(
    PublishedTrack Source, long FirstSequence, long FirstOut, uint TimestampOffset, ushort PictureIdOffset, byte Tl0Offset)
{
    public long Out(long sequence) => sequence - FirstSequence + FirstOut;
}

/// <summary>
/// How the numbers of one subscriber's stream came from the numbers of its sources. The subscriber's line goes on by one from
/// stretch to stretch whatever was left out between; within a stretch, holes of the source stay holes, so that what comes late
/// finds its place. Remembers the last stretches only.
/// </summary>
internal struct SequenceMap
{
    private const int Kept = 8;
    private readonly MapSegment[] _segments = new MapSegment[Kept];
    private readonly long[] _ends = new long[Kept]; // the last number given out in each
    private int _count;

    public SequenceMap()
    {
    }

    /// <summary>The highest number given out so far on the subscriber's line.</summary>
    public long LastOut { get; private set; }

    public readonly bool Started => _count > 0;

    public readonly ref readonly MapSegment Current => ref _segments[(_count - 1) % Kept];

    /// <summary>Sets the number before the first one. Once, before <see cref="Begin"/>.</summary>
    public void StartAfter(long lastOut) => LastOut = lastOut;

    public void Begin(PublishedTrack source, long firstSequence, uint timestampOffset, ushort pictureIdOffset, byte tl0Offset)
    {
        _segments[_count % Kept] = new MapSegment(source, firstSequence, LastOut + 1, timestampOffset, pictureIdOffset, tl0Offset);
        _ends[_count % Kept] = LastOut;
        _count++;
    }

    /// <summary>A number for a packet that comes from no source.</summary>
    public long Insert() => ++LastOut;

    /// <summary>The subscriber's number for a packet of the current source; false for packets from before the stretch.</summary>
    public bool TryMap(long sequence, out long result)
    {
        ref readonly MapSegment current = ref Current;
        result = current.Out(sequence);
        if (sequence < current.FirstSequence)
        {
            return false;
        }

        LastOut = Math.Max(LastOut, result);
        _ends[(_count - 1) % Kept] = LastOut;
        return true;
    }

    /// <summary>Finds which stretch a number given out came from; false when it is unknown or forgotten.</summary>
    public readonly bool TryFind(long number, out MapSegment segment)
    {
        segment = default;
        if (number > LastOut)
        {
            return false;
        }

        for (int i = _count - 1; i >= 0 && i >= _count - Kept; i--)
        {
            segment = _segments[i % Kept];
            if (number >= segment.FirstOut)
            {
                return number <= _ends[i % Kept];
            }
        }

        return false;
    }
}
