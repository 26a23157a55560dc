using ThreeClassrooms.Media.Time;

namespace ThreeClassrooms.Media.Forwarding;

/// <summary>
/// What the publisher's last sender report said: which wall-clock time of its own belongs to which RTP timestamp
/// (RFC 3550 §6.4.1). Receivers align sound and picture by it.
/// </summary>
public struct SenderClock
{
    /// <summary>NTP timestamp of the report, 32.32 fixed point.</summary>
    public ulong Ntp { get; private set; }

    public uint Timestamp { get; private set; }

    public MonoTime Arrived { get; private set; }

    public readonly bool Known => Ntp != 0;

    public void OnReport(ulong ntp, uint timestamp, MonoTime arrived) => (Ntp, Timestamp, Arrived) = (ntp, timestamp, arrived);

    /// <summary>The publisher's wall-clock time for a timestamp, NTP 32.32; call only when <see cref="Known"/>.</summary>
    public readonly ulong NtpOf(uint timestamp, int clockRate)
    {
        int units = unchecked((int)(timestamp - Timestamp));
        long fraction = (long)(units * (4294967296.0 / clockRate));
        return unchecked(Ntp + (ulong)fraction);
    }

    /// <summary>This clock read forward to <paramref name="now"/>.</summary>
    public readonly (ulong Ntp, uint Timestamp) At(MonoTime now, int clockRate)
    {
        double seconds = (now.Nanoseconds - Arrived.Nanoseconds) / 1e9;
        return unchecked((Ntp + (ulong)(long)(seconds * 4294967296.0), Timestamp + (uint)(long)(seconds * clockRate)));
    }
}
