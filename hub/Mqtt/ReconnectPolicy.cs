namespace ThreeClassrooms.Mqtt;

/// <summary>
/// When a link tries again: full jitter under a bound that doubles from 1 s to 5 min, so that a county's devices do not come back in the same second.
/// A refused identity waits 5 to 15 min, a busy broker at least 30 s, a link whose identity was taken over 60 s. Pure: the time and a random number come in.
/// </summary>
/// <remarks>
/// Mosquitto before 2.0.15 closes a connection that is taken over without saying so. Two machines with one identity throw each other out then; as connections that
/// end after moments do not reset the bound, they do so ever more slowly. (Telling staff is the hub's: it sees two machines take turns.)
/// </remarks>
public sealed class ReconnectPolicy
{
    public static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);
    public static readonly TimeSpan RefusedAtLeast = TimeSpan.FromMinutes(5);
    public static readonly TimeSpan RefusedAtMost = TimeSpan.FromMinutes(15);
    public static readonly TimeSpan Busy = TimeSpan.FromSeconds(30);
    public static readonly TimeSpan TakenOver = TimeSpan.FromSeconds(60);

    /// <summary>A connection that held so long was a good one: the next failure starts small again.</summary>
    public static readonly TimeSpan Steady = TimeSpan.FromSeconds(10);

    /// <summary>Nobody is hammered, however lucky the random number.</summary>
    public static readonly TimeSpan Least = TimeSpan.FromMilliseconds(100);

    private int _failures;
    private TimeSpan? _upSince;

    /// <param name="now">Monotonic.</param>
    public void OnUp(TimeSpan now) => _upSince = now;

    /// <summary>A connection ended or was not made.</summary>
    /// <param name="now">Monotonic.</param>
    /// <param name="random">0 inclusive to 1 exclusive.</param>
    /// <returns>The pause before the next attempt.</returns>
    public TimeSpan OnDown(MqttReason reason, TimeSpan now, double random)
    {
        if (_upSince is { } since && now - since >= Steady)
        {
            _failures = 0;
        }

        _upSince = null;
        TimeSpan bound = Bound();
        TimeSpan jitter = bound * random;
        return reason switch
        {
            _ when reason.IsRefusal() => RefusedAtLeast + ((RefusedAtMost - RefusedAtLeast) * random),
            MqttReason.ServerBusy or MqttReason.ConnectionRateExceeded => Busy + jitter,
            MqttReason.SessionTakenOver => TakenOver + (First * random),
            _ => jitter > Least ? jitter : Least,
        };
    }

    private TimeSpan Bound()
    {
        TimeSpan bound = First * Math.Pow(2, _failures);
        if (bound >= Longest)
        {
            return Longest;
        }

        _failures++;
        return bound;
    }
}
