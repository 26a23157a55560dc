using ThreeClassrooms.Contracts;
using ThreeClassrooms.Mqtt;

namespace ThreeClassrooms.Hub.Devices.Link;

/// <summary>What was done with the messages of devices.</summary>
internal sealed class FleetCounters
{
    private long _taken;
    private long _malformed;
    private long _tooLarge;
    private long _unknown;

    public long Taken => Interlocked.Read(ref _taken);

    /// <summary>Not the JSON of its kind.</summary>
    public long Malformed => Interlocked.Read(ref _malformed);

    public long TooLarge => Interlocked.Read(ref _tooLarge);

    /// <summary>Of no enrolled device, or on a topic that is none.</summary>
    public long Unknown => Interlocked.Read(ref _unknown);

    public void CountTaken() => Interlocked.Increment(ref _taken);

    public void CountMalformed() => Interlocked.Increment(ref _malformed);

    public void CountTooLarge() => Interlocked.Increment(ref _tooLarge);

    public void CountUnknown() => Interlocked.Increment(ref _unknown);
}

/// <summary>Reads what devices send and hands it to the listeners. Foreign bytes never throw: what cannot be read is counted and dropped. One caller at a time.</summary>
internal sealed class FleetInbox(FleetDevices devices, IServiceProvider services, TimeProvider clock, ILogger<FleetInbox> log)
{
    /// <summary>Of one message's payload, bytes; the largest report of a room full of equipment is a few thousand.</summary>
    public const int LargestPayload = 64 << 10;

    /// <summary>Looked up at the first message: listeners may themselves speak over the link that feeds this.</summary>
    private readonly Lazy<IFleetListener[]> _listeners = new(() => [.. services.GetServices<IFleetListener>()]);

    public FleetCounters Counters { get; } = new();

    public void OnMessage(MqttMessage message)
    {
        if (!FleetTopics.TryReadUp(message.Topic, out string device, out UpKind kind) || !devices.Contains(device))
        {
            Counters.CountUnknown();
            if (message is { Retain: true, Payload.Length: > 0 } && device.Length > 0)
            {
                devices.OnGhost(device);
            }
        }
        else if (message.Payload.Length > LargestPayload)
        {
            Counters.CountTooLarge();
        }
        else if (message.Payload.Length > 0 && !TryHand(device, kind, message)) // an empty one only clears what was kept
        {
            Counters.CountMalformed();
        }
    }

    public void OnBlind(bool blind, DateTimeOffset at) => Array.ForEach(_listeners.Value, l => l.OnBlind(blind, at));

    private bool TryHand(string device, UpKind kind, MqttMessage message) => kind switch
    {
        UpKind.State => Hand<AgentState>(message, state =>
        {
            log.DeviceState(device, state.Online, state.Reason, message.Retain);
            bool clash = devices.Remember(device, state);
            Array.ForEach(_listeners.Value, l => l.OnState(device, state, message.Retain));
            if (clash)
            {
                var fault = new FaultEvent(Guid.CreateVersion7(), state.Boot, clock.GetUtcNow(), FaultKind.IdentityClash, null, true, null, false);
                Array.ForEach(_listeners.Value, l => l.OnFault(device, fault));
            }
        }),
        UpKind.Hardware => Hand<HardwareReport>(message, report => Array.ForEach(_listeners.Value, l => l.OnHardware(device, report, message.Retain))),
        UpKind.Metrics => Hand<MetricsReport>(message, report => Array.ForEach(_listeners.Value, l => l.OnMetrics(device, report))),
        UpKind.Reported => Hand<ReportedConfiguration>(message, reported => Array.ForEach(_listeners.Value, l => l.OnReported(device, reported, message.Retain))),
        UpKind.Event => Hand<FaultEvent>(message, fault => Array.ForEach(_listeners.Value, l => l.OnFault(device, fault))),
        UpKind.Result => Hand<CommandResult>(message, result => Array.ForEach(_listeners.Value, l => l.OnResult(device, result))),
    };

    private bool Hand<T>(MqttMessage message, Action<T> hand)
        where T : class
    {
        if (DeviceJson.TryRead<T>(message.Payload.Span) is not { } read)
        {
            return false;
        }

        Counters.CountTaken();
        hand(read);
        return true;
    }
}
