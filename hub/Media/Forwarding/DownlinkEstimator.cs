using ThreeClassrooms.Media.Time;

namespace ThreeClassrooms.Media.Forwarding;

/// <summary>
/// How much a subscriber's line carries, by additive increase and multiplicative decrease: loss above a tenth, or a queue that
/// builds up (transport feedback), cuts the estimate below what was delivered; calm seconds let it grow. Without any congestion it
/// stays unlimited. One owner.
/// </summary>
public sealed class DownlinkEstimator
{
    public const long Unlimited = long.MaxValue;
    public const long Least = 50_000;

    private const double LossToCut = 0.10;
    private const double LossToHold = 0.02;
    private const double Cut = 0.85;

    // One report of sound alone counts some fifty packets: at 5 % random loss every thirtieth of them says more than a tenth.
    private const double WeightOfReport = 0.4;
    private static readonly TimeSpan HoldAfterCut = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan CalmToForget = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan StaleRemb = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan QueueLimit = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan RateWindow = TimeSpan.FromMilliseconds(500);

    private MonoTime? _lastCut;
    private MonoTime? _lastGrowth;
    private MonoTime _rembAt;
    private long _remb = Unlimited;
    private long _deliveredBytes;
    private MonoTime? _deliveredSince;
    private double _loss;
    private TimeSpan? _leastTransit;
    private TimeSpan _transit;
    private long _estimate = Unlimited;

    /// <summary>Bits per second; <see cref="Unlimited"/> while nothing speaks against it.</summary>
    public long BitsPerSecond => Math.Min(_estimate, _remb);

    /// <summary>What the subscriber confirmed in the last window, bits per second; 0 without transport feedback.</summary>
    public long Delivered { get; private set; }

    /// <summary>Share of packets lost as a receiver report says, 0 to 1; what counts is the mean of the last few.</summary>
    public void OnLoss(double share, MonoTime now)
    {
        _loss += (share - _loss) * WeightOfReport;
        if (_loss > LossToCut)
        {
            CutDown(now);
        }
    }

    public void OnRemb(long bitsPerSecond, MonoTime now) => (_remb, _rembAt) = (Math.Max(Least, bitsPerSecond), now);

    /// <summary>One packet that transport feedback says arrived.</summary>
    /// <param name="arrival">By the receiver's clock, from any origin.</param>
    public void OnDelivered(int bytes, MonoTime sent, TimeSpan arrival, MonoTime now)
    {
        _deliveredSince ??= now;
        _deliveredBytes += bytes;
        TimeSpan transit = arrival - TimeSpan.FromTicks(sent.Nanoseconds / 100);
        _leastTransit = _leastTransit is { } least && least < transit ? least + TimeSpan.FromTicks(20) : transit; // forgets slowly: clocks drift
        _transit = TimeSpan.FromTicks((long)((_transit.Ticks * 0.9) + ((transit - _leastTransit.Value).Ticks * 0.1)));
    }

    public void OnTime(MonoTime now)
    {
        if (_deliveredSince is { } since && now - since >= RateWindow)
        {
            Delivered = (long)(_deliveredBytes * 8 / (now - since).TotalSeconds);
            (_deliveredBytes, _deliveredSince) = (0, null);
        }

        if (_remb != Unlimited && now - _rembAt > StaleRemb)
        {
            _remb = Unlimited;
        }

        if (_transit > QueueLimit)
        {
            CutDown(now);
        }
        else
        {
            Grow(now);
        }
    }

    private void CutDown(MonoTime now)
    {
        if (_lastCut is { } last && now - last < HoldAfterCut)
        {
            return;
        }

        long basis = _estimate != Unlimited ? _estimate : Delivered > 0 ? Delivered : 4_000_000;
        basis = Delivered > 0 ? Math.Min(basis, Delivered * 3 / 2) : basis;
        _estimate = Math.Max(Least, (long)(basis * Cut));
        _lastCut = now;
        _lastGrowth = now;
    }

    private void Grow(MonoTime now)
    {
        if (_estimate == Unlimited || _lastCut is not { } cut || now - cut < HoldAfterCut)
        {
            _lastGrowth = now;
            return;
        }

        if (now - cut > CalmToForget)
        {
            _estimate = Unlimited; // steady loss without a queue is the line's own, not ours
            return;
        }

        if (_loss > LossToHold)
        {
            _lastGrowth = now;
            return;
        }

        double seconds = _lastGrowth is { } last ? Math.Min(1, (now - last).TotalSeconds) : 0;
        _lastGrowth = now;
        _estimate += (long)(seconds * (100_000 + (_estimate * 0.05)));
    }
}
