using ThreeClassrooms.Media.Time;

namespace ThreeClassrooms.Media.Forwarding;

/// <summary>When each packet of a connection was sent, by its transport-wide number: what feedback is compared with. Bounded.</summary>
internal sealed class SendLog
{
    private const int Kept = 2048;
    private readonly (ushort Number, int Size, MonoTime At)[] _entries = new (ushort, int, MonoTime)[Kept];

    public void OnSent(ushort number, int size, MonoTime now) => _entries[number % Kept] = (number, size, now);

    /// <summary>False when the number was never used or is too old.</summary>
    public bool TryGet(ushort number, out int size, out MonoTime at)
    {
        (ushort kept, size, at) = _entries[number % Kept];
        return kept == number && size > 0;
    }
}
