namespace ThreeClassrooms.Media.Payload;

/// <summary>
/// The newest parameter sets of one H.264 stream, by their identifiers: encoders may send them once for all, and whoever comes later needs them too.
/// Bounded; one owner. Allocates only when a set is new or has changed.
/// </summary>
public sealed class ParameterSets
{
    /// <summary>Bytes of a set that is kept: each must fit into one packet. Real ones are below 100.</summary>
    public const int MaxUnit = 1100;

    // The standard allows 32 and 256; encoders use one or two.
    private const int MostSequence = 8;
    private const int MostPicture = 24;

    private readonly List<(uint Id, byte[] Unit)> _sequence = [];
    private readonly List<(uint Id, byte[] Unit)> _picture = [];
    private byte[][] _units = [];

    /// <summary>NAL units with their header bytes: all sequence parameter sets, then all picture parameter sets. A new list with every change, never changed itself.</summary>
    public IReadOnlyList<byte[]> Units => _units;

    /// <summary>A picture can be decoded with what is known: there is one of each kind.</summary>
    public bool IsComplete => _sequence.Count > 0 && _picture.Count > 0;

    /// <summary>Rises with every set that is new or has changed.</summary>
    public int Version { get; private set; }

    /// <summary>Keeps a copy of the unit when it is a parameter set; others are ignored.</summary>
    /// <param name="unit">A whole NAL unit with its header byte.</param>
    public void Learn(ReadOnlySpan<byte> unit)
    {
        if (unit.Length is < 2 or > MaxUnit)
        {
            return;
        }

        switch (NalType.Of(unit[0]))
        {
            case NalType.Sps when unit.Length > 4:
                Keep(_sequence, MostSequence, IdOf(unit[4..]), unit);
                break;
            case NalType.Pps:
                Keep(_picture, MostPicture, IdOf(unit[1..]), unit);
                break;
            default:
                break;
        }
    }

    private static uint IdOf(ReadOnlySpan<byte> bits)
    {
        var reader = new BitReader(bits);
        return reader.Unsigned();
    }

    private void Keep(List<(uint Id, byte[] Unit)> kept, int most, uint id, ReadOnlySpan<byte> unit)
    {
        int at = kept.Count - 1;
        while (at >= 0 && kept[at].Id != id)
        {
            at--;
        }

        if (at >= 0 && unit.SequenceEqual(kept[at].Unit))
        {
            return;
        }

        if (at >= 0)
        {
            kept[at] = (id, unit.ToArray());
        }
        else
        {
            if (kept.Count == most)
            {
                kept.RemoveAt(0);
            }

            kept.Add((id, unit.ToArray()));
        }

        _units = [.. _sequence.Select(k => k.Unit), .. _picture.Select(k => k.Unit)];
        Version++;
    }
}
