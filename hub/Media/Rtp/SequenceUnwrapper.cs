namespace ThreeClassrooms.Media.Rtp;

/// <summary>
/// Extends wrapping sequence numbers of one stream to a line that does not wrap. The first number is itself plus 65536, so that
/// packets older than the first stay positive. One owner.
/// </summary>
public struct SequenceUnwrapper
{
    private long _highest;

    /// <summary>False until the first number.</summary>
    public readonly bool Started => _highest != 0;

    /// <summary>The newest number so far on the line.</summary>
    public readonly long Highest => _highest;

    /// <summary>The place of <paramref name="sequence"/> on the line: within 32768 of the highest so far. Moves the highest when it is newer.</summary>
    public long Unwrap(SeqNo sequence)
    {
        if (_highest == 0)
        {
            return _highest = 65536L + sequence.Value;
        }

        long extended = Peek(sequence);
        _highest = Math.Max(_highest, extended);
        return extended;
    }

    /// <summary>As <see cref="Unwrap"/>, without moving the highest.</summary>
    public readonly long Peek(SeqNo sequence) =>
        _highest == 0 ? 65536L + sequence.Value : _highest + sequence.DistanceFrom(new SeqNo((ushort)(_highest & 0xFFFF)));
}
