using ThreeClassrooms.Media.Rtcp;
using ThreeClassrooms.Media.Time;

namespace ThreeClassrooms.Media.Rtp;

/// <summary>
/// What a receiver counts of one source for its reception reports: loss (RFC 3550 A.3) and interarrival jitter (A.8). Retransmissions under
/// another source are not fed in. One owner; no allocation.
/// </summary>
/// <param name="clockRate">Hertz of the source's timestamps.</param>
public sealed class ReceiveStatistics(Ssrc source, int clockRate)
{
    private SequenceUnwrapper _unwrapper;
    private long _first;
    private long _expectedBefore;
    private long _receivedBefore;
    private long _lastTransit;
    private long _jitter16;
    private uint _lastReport;
    private MonoTime _lastReportArrived;

    public Ssrc Source { get; } = source;

    /// <summary>Packets received, duplicates included.</summary>
    public long Received { get; private set; }

    /// <summary>Payload bytes received.</summary>
    public long Bytes { get; private set; }

    /// <summary>Packets between the first and the highest number.</summary>
    public long Expected => _unwrapper.Started ? _unwrapper.Highest - _first + 1 : 0;

    /// <summary>Interarrival jitter.</summary>
    public TimeSpan Jitter => TimeSpan.FromTicks((_jitter16 >> 4) * TimeSpan.TicksPerSecond / clockRate);

    public void OnPacket(SeqNo sequence, RtpTime timestamp, int payloadLength, MonoTime arrived)
    {
        bool first = !_unwrapper.Started;
        long before = _unwrapper.Highest, place = _unwrapper.Unwrap(sequence);
        _first = first ? place : _first;
        Received++;
        Bytes += payloadLength;

        // Transit in clock units; only differences count, so that both origins cancel. Reordered packets say nothing of the path's jitter.
        long seconds = arrived.Nanoseconds / 1_000_000_000, rest = arrived.Nanoseconds % 1_000_000_000;
        long units = unchecked((uint)((seconds * clockRate) + (rest * clockRate / 1_000_000_000)));
        long transit = unchecked((uint)(units - timestamp.Value));
        if (!first && place > before)
        {
            long difference = Math.Abs((long)unchecked((int)(transit - _lastTransit)));

            // A step of more than 5 s is a new timeline, not jitter.
            _jitter16 += difference > 5L * clockRate ? 0 : difference - ((_jitter16 + 8) >> 4);
        }

        _lastTransit = place > before || first ? transit : _lastTransit;
    }

    public void OnSenderReport(NtpTime ntp, MonoTime arrived) => (_lastReport, _lastReportArrived) = (ntp.Middle, arrived);

    /// <summary>The block for the next report; begins a new interval for the fraction lost.</summary>
    public ReportBlock TakeReport(MonoTime now)
    {
        long expected = Expected, interval = expected - _expectedBefore, got = Received - _receivedBefore, lost = interval - got;
        (_expectedBefore, _receivedBefore) = (expected, Received);
        long delay = _lastReport == 0 ? 0 : Math.Max(0, (now - _lastReportArrived).Ticks * 65536 / TimeSpan.TicksPerSecond);
        return new ReportBlock(
            Source,
            interval <= 0 || lost <= 0 ? (byte)0 : (byte)Math.Min(255, lost * 256 / interval),
            (int)Math.Clamp(expected - Received, -0x80_0000, 0x7F_FFFF),
            _unwrapper.Started ? unchecked((uint)(_unwrapper.Highest - 65536)) : 0,
            unchecked((uint)(_jitter16 >> 4)),
            _lastReport,
            (uint)Math.Min(uint.MaxValue, delay));
    }
}
