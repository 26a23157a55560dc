using ThreeClassrooms.Media.Time;

namespace ThreeClassrooms.Media.Forwarding;

/// <summary>When our last sender reports left, by the middle bits of their NTP time: what a receiver quotes back gives the round trip (RFC 3550 §6.4.1).</summary>
internal sealed class ReportLog
{
    private const int Kept = 8;
    private readonly (uint Middle, MonoTime At)[] _entries = new (uint, MonoTime)[Kept];
    private int _next;

    public void OnSent(uint middle, MonoTime now) => _entries[_next++ % Kept] = (middle, now);

    /// <param name="lastReport">LSR of a report block; 0: the receiver has seen none.</param>
    /// <param name="delay">DLSR, units of 1/65536 s.</param>
    public TimeSpan? RoundTrip(uint lastReport, uint delay, MonoTime now)
    {
        foreach ((uint middle, MonoTime at) in _entries)
        {
            if (lastReport != 0 && middle == lastReport)
            {
                TimeSpan trip = (now - at) - TimeSpan.FromSeconds(delay / 65536.0);
                return trip < TimeSpan.Zero ? TimeSpan.Zero : trip;
            }
        }

        return null;
    }
}
