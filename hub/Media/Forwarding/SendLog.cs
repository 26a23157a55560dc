using ThreeClassrooms.Media.Time;

namespace ThreeClassrooms.Media.Forwarding;

/// <summary>
/// When each packet of a connection was sent, by its transport-wide number: what feedback is compared with. Bounded; its memory is taken with the
/// first packet, since most subscribers give no such feedback.
/// </summary>
internal sealed class SendLog
{
    private const int Kept = 512; // about 2 s of a lesson's stream; feedback comes ten times a second
    private (ushort Number, ushort Size, MonoTime At)[]? _entries;

    public void OnSent(ushort number, int size, MonoTime now) =>
        (_entries ??= new (ushort, ushort, MonoTime)[Kept])[number % Kept] = (number, (ushort)size, now);

    /// <summary>False when the number was never used or is too old.</summary>
    public bool TryGet(ushort number, out int size, out MonoTime at)
    {
        (ushort kept, ushort bytes, at) = _entries is null ? default : _entries[number % Kept];
        size = bytes;
        return kept == number && size > 0;
    }
}
