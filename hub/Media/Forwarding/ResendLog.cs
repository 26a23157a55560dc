using ThreeClassrooms.Media.Time;

namespace ThreeClassrooms.Media.Forwarding;

/// <summary>
/// Remembers when which packet was repeated, so that requests that crossed the repeat on its way are not answered twice. Its memory is taken with the
/// first repeat.
/// </summary>
internal sealed class ResendLog
{
    private const int Kept = 512;
    private (ushort Number, bool Used, MonoTime At)[]? _entries;

    /// <summary>False when this number was repeated less than a round trip ago.</summary>
    public bool TryNote(ushort number, MonoTime now, TimeSpan roundTrip)
    {
        ref (ushort Number, bool Used, MonoTime At) entry = ref (_entries ??= new (ushort, bool, MonoTime)[Kept])[number % Kept];
        if (entry.Used && entry.Number == number && now - entry.At < roundTrip)
        {
            return false;
        }

        entry = (number, true, now);
        return true;
    }
}
