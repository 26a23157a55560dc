using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Joining;

/// <summary>One connection of a lesson, as it is now.</summary>
/// <param name="Stream">Of one direction.</param>
/// <param name="Down">How long it has not been there.</param>
internal readonly record struct ConnectionNow(string Stream, TimeSpan Down, PeerStatistics? Statistics);

/// <summary>What telemetry wants to know of a lesson's connections: what the line loses, and whether this device cannot get in. Fed by the lesson's loop, read from anywhere.</summary>
internal sealed class ConnectionSight
{
    public static readonly TimeSpan NoWayAfter = TimeSpan.FromSeconds(30);

    /// <summary>It is tried every two seconds.</summary>
    public const int ManyRefusals = 10;

    private int _refusals;
    private volatile bool _joinFails;

    /// <summary>What the line loses in lessons.</summary>
    public LossMeter Loss { get; } = new();

    /// <summary>The hub does not let this device into its lesson, or a stream finds no way to it or from it.</summary>
    public bool JoinFails => _joinFails;

    public void OnJoined() => _refusals = 0;

    /// <summary>"Not now" is an answer that passes by itself, and no refusal.</summary>
    public void OnRefused(LessonRefusal refusal) => _refusals += refusal == LessonRefusal.NotNow ? 0 : 1;

    /// <summary>No lesson is attended any more.</summary>
    public void OnLessonOver() => _refusals = 0;

    /// <param name="linkUp">Without the hub nothing can be joined: that it is away is said already.</param>
    /// <param name="attends">There is a lesson to be in.</param>
    public void Look(IEnumerable<ConnectionNow> connections, bool linkUp, bool attends)
    {
        bool noWay = false;
        foreach (ConnectionNow connection in connections)
        {
            noWay |= connection.Down > NoWayAfter;
            if (connection.Statistics is { Connected: true } now)
            {
                Loss.OnCounters(connection.Stream, now.Expected, now.Missing);
            }
        }

        _joinFails = linkUp && attends && (noWay || _refusals >= ManyRefusals);
    }
}
