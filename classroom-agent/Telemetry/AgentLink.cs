using System.Text.Json;
using Microsoft.Extensions.Logging;
using ThreeClassrooms.Agent.Children;
using ThreeClassrooms.Agent.Enrolment;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Mqtt;

namespace ThreeClassrooms.Agent.Telemetry;

/// <summary>
/// The device's connection to the broker: says that it is online at every connect and offline when it is stopped, hears what the hub wants, carries what other
/// parts send. Without a broker, or refused by it, the rest of the agent is not affected. Calls are thread-safe; events come one after the other.
/// </summary>
/// <param name="making">Null: the ordinary one.</param>
internal sealed class AgentLink(
    Identity identity, MqttIdentityStore store, MqttRenewal renewal, TimeProvider time, ILogger log, LinkMaking? making = null) : ITelemetryLink
{
    /// <summary>A hub without a broker may get one.</summary>
    private static readonly TimeSpan AskAgain = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan FarewellWithin = TimeSpan.FromSeconds(2);

    private readonly LinkMaking _making = making ?? LinkMaking.Ordinary;
    private readonly Guid _start = Guid.NewGuid();
    private volatile BrokerSession? _session;

    /// <summary>The broker has taken the birth: what must be there after every connect can be sent now. Must not block.</summary>
    public event Action? Online;

    /// <summary>The configuration the hub wants, once at every connect and whenever it changes. Must not block.</summary>
    public event Action<DesiredConfiguration>? DesiredReceived;

    /// <summary>At least once: the receiver remembers ids. Must not block.</summary>
    public event Action<AgentCommand>? CommandReceived;

    /// <summary>Another machine has connected with this identity. Must not block.</summary>
    public event Action? IdentityClash;

    /// <summary>The broker has taken this connection's birth.</summary>
    public bool IsOnline => _session is { IsOnline: true };

    /// <summary>Sends a report as its kind is sent (<see cref="UpKind"/>). Completes when the broker has it; nothing is kept for later.</summary>
    public Task<MqttPublishResult> PublishAsync<T>(UpKind kind, T report, CancellationToken stop) =>
        _session is { IsOnline: true } session
            ? session.Link.PublishAsync(UpMessages.Of(identity.DeviceId, kind, report), stop)
            : Task.FromResult(new MqttPublishResult(MqttReason.NotConnected));

    /// <summary>Subscribes once more to what is subscribed already: the broker answers, and no message comes of it (commands are never retained).</summary>
    public async Task<TimeSpan?> MeasureAsync(CancellationToken stop)
    {
        if (_session is not { IsOnline: true } session)
        {
            return null;
        }

        long asked = time.GetTimestamp();
        MqttSubscribeResult answer = await session.Link.SubscribeAsync([new MqttSubscription(FleetTopics.Command(identity.DeviceId), MqttQos.AtLeastOnce)], stop);
        return answer.IsOk ? time.GetElapsedTime(asked) : null;
    }

    /// <summary>Staff have asked for a new password.</summary>
    /// <returns>False: the hub gave none.</returns>
    public async Task<bool> RotateAsync(CancellationToken stop)
    {
        if (await renewal.RenewAsync(stop) is not { } renewed)
        {
            return false;
        }

        _session?.Take(renewed);
        return true;
    }

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            if (store.Load() is { } mqtt)
            {
                await ServeAsync(mqtt, stop);
            }
            else if (await TryRenewAsync(stop) is null)
            {
                await Waits.PauseAsync(AskAgain * (1 + Random.Shared.NextDouble()), time, stop);
            }
        }
    }

    /// <summary>One broker, until it is found to be elsewhere.</summary>
    private async Task ServeAsync(MqttIdentity mqtt, CancellationToken stop)
    {
        store.TryWriteTrust(mqtt); // without it the connection fails, is tried again and says why
        await using var session = new BrokerSession(identity, mqtt, store, _making, _start, time);
        session.Link.Changed += change => OnChanged(session, change);
        session.Link.Received += OnReceived;
        _session = session;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop, session.Moved);
        Task running = session.Link.RunAsync(session.Closing);
        Task renewing = RenewWhenNeededAsync(session, over.Token);
        await Task.WhenAny(running, Task.Delay(Timeout.Infinite, over.Token));
        await SayFarewellAsync(session);
        await over.CancelAsync();
        session.Close();
        await Task.WhenAll(running, renewing);
        _session = null;
    }

    private async Task SayFarewellAsync(BrokerSession session)
    {
        using var patience = new CancellationTokenSource(FarewellWithin, time);
        try
        {
            await session.Link.PublishAsync(session.State(online: false, BrokerSession.Shutdown), patience.Token);
        }
        catch (OperationCanceledException)
        {
            // The will says it, later.
        }
    }

    private async Task RenewWhenNeededAsync(BrokerSession session, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await session.RenewalWanted.WaitAsync(stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stop.IsCancellationRequested || session.Link.IsUp)
            {
                continue; // what was wanted has come by itself
            }

            if (await TryRenewAsync(stop) is { } renewed)
            {
                session.Take(renewed);
            }

            await Waits.PauseAsync(BrokerSession.RenewAtMostEvery * (1 + Random.Shared.NextDouble()), time, stop);
        }
    }

    private async Task<MqttIdentity?> TryRenewAsync(CancellationToken stop)
    {
        try
        {
            return await renewal.RenewAsync(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return null;
        }
    }

    private void OnChanged(BrokerSession session, MqttLinkChange change)
    {
        session.OnChanged(change);
        if (change.Up)
        {
            _ = GreetAsync(session, change.SessionPresent);
        }
        else if (change.TakenOver)
        {
            log.IdentityClash(change.RetryIn);
            IdentityClash?.Invoke();
        }
        else if (change.Reason != MqttReason.Success)
        {
            log.BrokerAway(change.Reason, change.Words, change.RetryIn);
        }
    }

    /// <summary>Subscribes, then says that it is online: whoever sees it online can reach it.</summary>
    private async Task GreetAsync(BrokerSession session, bool sessionPresent)
    {
        try
        {
            string id = identity.DeviceId;
            MqttMessage birth = session.State(online: true, null);
            await session.Link.SubscribeAsync(
                [new MqttSubscription(FleetTopics.Desired(id), MqttQos.AtLeastOnce), new MqttSubscription(FleetTopics.Command(id), MqttQos.AtLeastOnce)], session.Closing);
            MqttPublishResult born = await session.Link.PublishAsync(birth, session.Closing);
            if (born.IsOk)
            {
                session.OnBorn();
                log.BrokerOnline(sessionPresent);
                Online?.Invoke();
            }
            else if (born.Reason is not (MqttReason.ConnectionLost or MqttReason.NotConnected))
            {
                log.BirthRefused(born.Reason);
            }
        }
        catch (OperationCanceledException)
        {
            // The agent stops.
        }
    }

    private void OnReceived(MqttMessage message)
    {
        if (message.Topic == FleetTopics.Desired(identity.DeviceId))
        {
            Hand(message, DesiredReceived);
        }
        else if (message.Topic == FleetTopics.Command(identity.DeviceId) && !message.Retain)
        {
            Hand(message, CommandReceived);
        }
    }

    private void Hand<T>(MqttMessage message, Action<T>? receiver)
        where T : class
    {
        try
        {
            if (message.Payload.Length > 0 && JsonSerializer.Deserialize<T>(message.Payload.Span, Wire.Json) is { } read)
            {
                receiver?.Invoke(read);
            }
        }
        catch (JsonException)
        {
            log.MessageNotUnderstood(message.Topic);
        }
    }
}
