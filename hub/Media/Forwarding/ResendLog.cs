using ThreeClassrooms.Media.Time;

namespace ThreeClassrooms.Media.Forwarding;

/// <summary>Remembers when which packet was repeated, so that requests that crossed the repeat on its way are not answered twice.</summary>
internal sealed class ResendLog
{
    private const int Kept = 512;
    private readonly (ushort Number, MonoTime At)[] _entries = new (ushort, MonoTime)[Kept];
    private readonly bool[] _used = new bool[Kept];

    /// <summary>False when this number was repeated less than a round trip ago.</summary>
    public bool TryNote(ushort number, MonoTime now, TimeSpan roundTrip)
    {
        int slot = number % Kept;
        if (_used[slot] && _entries[slot].Number == number && now - _entries[slot].At < roundTrip)
        {
            return false;
        }

        _entries[slot] = (number, now);
        _used[slot] = true;
        return true;
    }
}
