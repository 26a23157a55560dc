using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Hosting;
using ThreeClassrooms.Mqtt;

namespace ThreeClassrooms.Hub.Devices.Link;

/// <summary>What was done with the messages of devices.</summary>
internal sealed class FleetCounters
{
    private long _taken;
    private long _malformed;
    private long _tooLarge;
    private long _unknown;
    private long _tooMany;

    public long Taken => Interlocked.Read(ref _taken);

    /// <summary>Not the JSON of its kind.</summary>
    public long Malformed => Interlocked.Read(ref _malformed);

    public long TooLarge => Interlocked.Read(ref _tooLarge);

    /// <summary>Of no enrolled device, or on a topic that is none.</summary>
    public long Unknown => Interlocked.Read(ref _unknown);

    /// <summary>Beyond what one device may send.</summary>
    public long TooMany => Interlocked.Read(ref _tooMany);

    public void CountTooMany() => Interlocked.Increment(ref _tooMany);

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

    /// <summary>Of one inventory; a classroom device has a dozen.</summary>
    private const int MostParts = 64;

    /// <summary>Of what stands in a report as a name.</summary>
    private const int LongestName = 200;

    /// <summary>Messages of one device: a device that comes back says five at once, then one a minute.</summary>
    private readonly TokenBuckets _quota = new(capacity: 200, perSecond: 2);

    /// <summary>One line a minute and device, however much it sends.</summary>
    private readonly TokenBuckets _said = new(capacity: 1, perSecond: 1.0 / 60);

    /// <summary>Looked up at the first message: listeners may themselves speak over the link that feeds this.</summary>
    private readonly Lazy<IFleetListener[]> _listeners = new(() => [.. services.GetServices<IFleetListener>()]);

    public FleetCounters Counters { get; } = new();

    public void OnMessage(MqttMessage message)
    {
        bool known = FleetTopics.TryReadUp(message.Topic, out string device, out UpKind kind) && devices.Contains(device);
        if (known && message.Retain && message.Payload.Length > 0 && kind is UpKind.Metrics or UpKind.Event or UpKind.Result)
        {
            Counters.CountUnknown(); // nobody honest has the broker keep these: what is no news must not be taken for news
        }
        else if (!known)
        {
            Counters.CountUnknown();
            if (message is { Retain: true, Payload.Length: > 0 } && device.Length > 0)
            {
                devices.OnGhost(device);
            }
        }
        else if (!_quota.TryTake(device, 1, clock.GetUtcNow()))
        {
            Counters.CountTooMany();
            if (_said.TryTake(device, 1, clock.GetUtcNow()))
            {
                log.TooManyMessages(device);
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
        UpKind.Hardware => Hand<HardwareReport>(message, IsBounded, report => Array.ForEach(_listeners.Value, l => l.OnHardware(device, report, message.Retain))),
        UpKind.Metrics => Hand<MetricsReport>(message, report => Array.ForEach(_listeners.Value, l => l.OnMetrics(device, report))),
        UpKind.Reported => Hand<ReportedConfiguration>(message, reported => Array.ForEach(_listeners.Value, l => l.OnReported(device, reported, message.Retain))),
        UpKind.Event => Hand<FaultEvent>(message, fault => fault.PartId is not { Length: > LongestName }, fault => Array.ForEach(_listeners.Value, l => l.OnFault(device, fault))),
        UpKind.Result => Hand<CommandResult>(message, result => Array.ForEach(_listeners.Value, l => l.OnResult(device, result))),
    };

    private static bool IsBounded(HardwareReport report) =>
        report.Parts.Count <= MostParts && report.Parts.All(p => p is { Id.Length: <= LongestName, Name.Length: <= LongestName });

    private bool Hand<T>(MqttMessage message, Action<T> hand)
        where T : class => Hand(message, _ => true, hand);

    private bool Hand<T>(MqttMessage message, Func<T, bool> isBounded, Action<T> hand)
        where T : class
    {
        if (DeviceJson.TryRead<T>(message.Payload.Span) is not { } read || !isBounded(read))
        {
            return false;
        }

        Counters.CountTaken();
        hand(read);
        return true;
    }
}
