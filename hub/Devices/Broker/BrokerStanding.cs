namespace ThreeClassrooms.Hub.Devices.Broker;

/// <summary>What is known of the broker, for pages and judgements. Thread-safe.</summary>
internal sealed class BrokerStanding(TimeProvider clock, MqttMode mode)
{
    private readonly Lock _lock = new();
    private volatile Standing _now = new(mode == MqttMode.Off ? FleetWatch.Off : FleetWatch.BrokerDown, clock.GetUtcNow());

    /// <summary>Raised after every change, on the thread that made it; must not block.</summary>
    public event Action? Changed;

    public FleetWatch Watch => _now.Watch;

    /// <summary>UTC.</summary>
    public DateTimeOffset Since => _now.Since;

    /// <summary>Off stays off.</summary>
    public void Set(FleetWatch watch)
    {
        lock (_lock)
        {
            if (_now.Watch == watch || _now.Watch == FleetWatch.Off)
            {
                return;
            }

            _now = new Standing(watch, clock.GetUtcNow());
        }

        Changed?.Invoke();
    }

    /// <summary>The connection ended. Where there is no broker program, that stays the reason given.</summary>
    public void OnConnectionLost()
    {
        if (Watch == FleetWatch.Watching)
        {
            Set(FleetWatch.BrokerDown);
        }
    }

    private sealed record Standing(FleetWatch Watch, DateTimeOffset Since);
}
