using System.Text.Json;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Devices.Broker;
using ThreeClassrooms.Mqtt;

namespace ThreeClassrooms.Hub.Devices.Link;

/// <summary>What became of a message to a device.</summary>
internal enum FleetSend
{
    /// <summary>The broker has it, for the device or for its session of the last hour.</summary>
    Sent,

    /// <summary>The broker knows of no session of this device: nobody will get it.</summary>
    NobodyListens,

    /// <summary>The hub has no connection to the broker, or there is none.</summary>
    NotConnected,

    /// <summary>Too late already.</summary>
    Expired,
    Refused,
}

/// <summary>The hub's own connection to the broker: hears all devices and speaks to each. Calls are thread-safe.</summary>
internal sealed class FleetLink : BackgroundService
{
    private const string Json = "application/json";

    private static readonly TimeSpan WillDelay = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FarewellWithin = TimeSpan.FromSeconds(2);

    private readonly MqttOptions _options;
    private readonly BrokerAccess _access;
    private readonly BrokerStanding _standing;
    private readonly FleetDevices _devices;
    private readonly FleetInbox _inbox;
    private readonly TimeProvider _clock;
    private readonly ILogger<FleetLink> _log;
    private readonly IMqttLink _link;
    private readonly CancellationTokenSource _stopping = new();
    private bool _blind = true;

    public FleetLink(
        MqttOptions options, BrokerAccess access, BrokerStanding standing, FleetDevices devices, FleetInbox inbox, TimeProvider clock, ILogger<FleetLink> log)
    {
        (_options, _access, _standing, _devices, _inbox, _clock, _log) = (options, access, standing, devices, inbox, clock, log);
        _link = MqttLinks.Create(access.ForHub(() => new MqttWill(StateMessage(online: false), WillDelay)), TimeProvider.System);
        _link.Changed += OnChanged;
        _link.Received += OnReceived;
        access.Restarted += _link.TryNow;
    }

    public FleetCounters Counters => _inbox.Counters;

    /// <summary>Sends a command; the broker drops it when it expires undelivered. Its results come to <see cref="IFleetListener.OnResult"/>.</summary>
    public async Task<FleetSend> SendAsync(string deviceId, AgentCommand command, CancellationToken stop)
    {
        TimeSpan left = command.ExpiresAt - _clock.GetUtcNow();
        return left < TimeSpan.FromSeconds(1) ? FleetSend.Expired : await PublishAsync(
            new MqttMessage(
                FleetTopics.Command(deviceId), JsonSerializer.SerializeToUtf8Bytes(command, DeviceJson.Options), MqttQos.AtLeastOnce, Expiry: left,
                ResponseTopic: FleetTopics.Up(deviceId, UpKind.Result), CorrelationData: command.Id.ToByteArray(), ContentType: Json),
            stop);
    }

    /// <summary>Leaves the wanted configuration with the broker, for the device to read whenever it comes.</summary>
    public Task<FleetSend> SetDesiredAsync(string deviceId, DesiredConfiguration desired, CancellationToken stop) => PublishAsync(
        new MqttMessage(
            FleetTopics.Desired(deviceId), JsonSerializer.SerializeToUtf8Bytes(desired, DeviceJson.Options), MqttQos.AtLeastOnce, Retain: true, ContentType: Json),
        stop);

    /// <summary>Says that a device is offline, in its name: who is put out publishes no will.</summary>
    public Task<FleetSend> SayOfflineAsync(string deviceId, string reason, CancellationToken stop)
    {
        AgentState? last = _devices.LastStateOf(deviceId);
        var state = new AgentState(false, reason, last?.Boot ?? Guid.Empty, last?.Connection ?? Guid.Empty, _clock.GetUtcNow(), last?.AgentVersion ?? "");
        return PublishAsync(
            new MqttMessage(
                FleetTopics.State(deviceId), JsonSerializer.SerializeToUtf8Bytes(state, DeviceJson.Options), MqttQos.AtLeastOnce, Retain: true, ContentType: Json),
            stop);
    }

    /// <summary>Has the broker say once more what it keeps of devices.</summary>
    /// <returns>False: there is no connection.</returns>
    public async Task<bool> AskForKeptAsync(CancellationToken stop) =>
        (await _link.SubscribeAsync([new MqttSubscription(FleetTopics.AllUp, MqttQos.AtLeastOnce)], stop)).IsOk;

    /// <summary>Removes what the broker keeps of a device that is no more.</summary>
    public async Task ForgetAsync(string deviceId, CancellationToken stop)
    {
        string[] kept =
        [
            FleetTopics.State(deviceId), FleetTopics.Up(deviceId, UpKind.Hardware), FleetTopics.Up(deviceId, UpKind.Reported), FleetTopics.Desired(deviceId),
        ];
        foreach (string topic in kept)
        {
            await PublishAsync(new MqttMessage(topic, ReadOnlyMemory<byte>.Empty, MqttQos.AtLeastOnce, Retain: true), stop);
        }
    }

    public override void Dispose()
    {
        _access.Restarted -= _link.TryNow;
        _stopping.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_options.Mode == MqttMode.Off)
        {
            return;
        }

        await _devices.LoadAsync(stoppingToken);
        _inbox.OnBlind(true, _clock.GetUtcNow());
        await using IMqttLink link = _link;
        Task running = _link.RunAsync(_stopping.Token);
        var stopped = new TaskCompletionSource();
        await using (stoppingToken.Register(stopped.SetResult))
        {
            await Task.WhenAny(running, stopped.Task);
        }

        await SayFarewellAsync();
        await _stopping.CancelAsync();
        await running;
    }

    private async Task SayFarewellAsync()
    {
        using var patience = new CancellationTokenSource(FarewellWithin);
        try
        {
            await _link.PublishAsync(StateMessage(online: false), patience.Token);
        }
        catch (OperationCanceledException)
        {
            // The will says it.
        }
    }

    private void OnChanged(MqttLinkChange change)
    {
        if (change.Up)
        {
            _log.LinkUp(change.SessionPresent);
            SetBlind(false);
            _standing.Set(FleetWatch.Watching);
            _ = GreetAsync();
            return;
        }

        _standing.OnConnectionLost();
        if (change.Reason != MqttReason.Success && (!_blind || change.Reason != MqttReason.Unreachable))
        {
            _log.LinkDown(change.Reason, change.Words, change.RetryIn);
        }

        SetBlind(true);
    }

    /// <summary>Subscribed anew at every connect: a broker that lost its snapshot has lost the session too, and what devices left with it is sent again.</summary>
    private async Task GreetAsync()
    {
        try
        {
            MqttSubscribeResult subscribed = await _link.SubscribeAsync(
                [new MqttSubscription(FleetTopics.AllUp, MqttQos.AtLeastOnce), new MqttSubscription(FleetTopics.HubState, MqttQos.AtLeastOnce)], _stopping.Token);
            MqttPublishResult birth = await _link.PublishAsync(StateMessage(online: true), _stopping.Token);
            if (!subscribed.IsOk || !birth.IsOk)
            {
                _log.GreetingRefused(string.Join(',', subscribed.Reasons), birth.Reason);
            }
        }
        catch (OperationCanceledException)
        {
            // The hub stops.
        }
    }

    private void OnReceived(MqttMessage message)
    {
        if (message.Topic == FleetTopics.HubState)
        {
            OnHubState(message);
        }
        else
        {
            _inbox.OnMessage(message);
        }
    }

    /// <summary>A will of an earlier connection, delivered late, would leave the hub offline for all who look (Sparkplug's rule for its host): say it again.</summary>
    private void OnHubState(MqttMessage message)
    {
        if (!message.Retain && DeviceJson.TryRead<HubState>(message.Payload.Span) is { Online: false } && _link.IsUp && !_stopping.IsCancellationRequested)
        {
            _ = PublishAsync(StateMessage(online: true), CancellationToken.None);
        }
    }

    private void SetBlind(bool blind)
    {
        if (_blind != blind)
        {
            _blind = blind;
            _inbox.OnBlind(blind, _clock.GetUtcNow());
        }
    }

    private async Task<FleetSend> PublishAsync(MqttMessage message, CancellationToken stop)
    {
        MqttPublishResult result = await _link.PublishAsync(message, stop);
        return result.Reason switch
        {
            MqttReason.NoMatchingSubscribers => message.Retain ? FleetSend.Sent : FleetSend.NobodyListens,
            MqttReason.NotConnected or MqttReason.ConnectionLost => FleetSend.NotConnected,
            _ when result.IsOk => FleetSend.Sent,
            _ => FleetSend.Refused,
        };
    }

    private MqttMessage StateMessage(bool online) => new(
        FleetTopics.HubState, JsonSerializer.SerializeToUtf8Bytes(new HubState(online, _clock.GetUtcNow()), DeviceJson.Options), MqttQos.AtLeastOnce, Retain: true,
        ContentType: Json);
}
