using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Devices.Fleet;

namespace ThreeClassrooms.Hub.Devices.Alerts;

/// <summary>What stands now, as stored: for counts, without asking the database. Written by the <see cref="AlertLoop"/>. Thread-safe.</summary>
internal sealed class AlertStanding
{
    private volatile Standing _now = new([], new HashSet<Guid>());

    public IReadOnlyList<Alert> Open => _now.Open;

    public void Set(AlertBook book, IReadOnlySet<Guid> acknowledged) => _now = new Standing([.. book.Open], acknowledged);

    /// <summary>Alerts within the caller's scope that wait for somebody: at least a warning, neither muted nor acknowledged.</summary>
    public int WaitingFor(Caller caller) => FleetRights.MaySee(caller) ? _now.Open.Count(a => AlertRights.Sees(caller, a) && Waits(a)) : 0;

    private bool Waits(Alert alert) => alert is { Severity: >= AlertSeverity.Warning, Mute: AlertMute.None } && !_now.Acknowledged.Contains(alert.Id);

    private sealed record Standing(IReadOnlyList<Alert> Open, IReadOnlySet<Guid> Acknowledged);
}
