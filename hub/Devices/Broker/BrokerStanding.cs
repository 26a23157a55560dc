namespace ThreeClassrooms.Hub.Devices.Broker;

/// <summary>What is known of the broker, for pages and judgements. Thread-safe.</summary>
internal sealed class BrokerStanding(TimeProvider clock)
{
    private volatile Standing _now = new(FleetWatch.BrokerDown, clock.GetUtcNow());

    /// <summary>Raised after every change, on the thread that made it; must not block.</summary>
    public event Action? Changed;

    public FleetWatch Watch => _now.Watch;

    /// <summary>UTC.</summary>
    public DateTimeOffset Since => _now.Since;

    public void Set(FleetWatch watch)
    {
        if (_now.Watch != watch)
        {
            _now = new Standing(watch, clock.GetUtcNow());
            Changed?.Invoke();
        }
    }

    private sealed record Standing(FleetWatch Watch, DateTimeOffset Since);
}
