namespace ThreeClassrooms.Media.Forwarding;

/// <summary>
/// Parameter sets on their way to a subscriber before its first key frame, and those that went, for repeats: a number must never stand for two different packets. One owner.
/// </summary>
internal sealed class Preface
{
    private const int Kept = 64;

    private readonly List<(long Number, byte[] Unit, uint Timestamp)> _sent = [];
    private IReadOnlyList<byte[]> _units = [];
    private uint _timestamp;
    private int _next;

    /// <summary>It was looked at what this beginning needs.</summary>
    public bool Begun { get; private set; }

    public bool Waiting => _next < _units.Count;

    public void Reset() => (_units, _next, Begun) = ([], 0, false);

    public void Begin(IReadOnlyList<byte[]> units, uint timestamp) => (_units, _next, _timestamp, Begun) = (units, 0, timestamp, true);

    public bool TryTake(out byte[] unit, out uint timestamp)
    {
        (unit, timestamp) = (Waiting ? _units[_next] : [], _timestamp);
        if (!Waiting)
        {
            return false;
        }

        _next++;
        return true;
    }

    public void OnSent(long number, byte[] unit, uint timestamp)
    {
        if (_sent.Count == Kept)
        {
            _sent.RemoveAt(0);
        }

        _sent.Add((number, unit, timestamp));
    }

    public bool TryFind(ushort wireNumber, out byte[] unit, out uint timestamp)
    {
        for (int i = _sent.Count - 1; i >= 0; i--)
        {
            if ((ushort)(_sent[i].Number & 0xFFFF) == wireNumber)
            {
                (unit, timestamp) = (_sent[i].Unit, _sent[i].Timestamp);
                return true;
            }
        }

        (unit, timestamp) = ([], 0);
        return false;
    }
}
