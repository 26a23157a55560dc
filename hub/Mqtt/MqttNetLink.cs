#if MQTTNET
using System.Buffers;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using MQTTnet;
using MQTTnet.Exceptions;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace ThreeClassrooms.Mqtt;

/// <summary>
/// A link on MQTTnet 5, for those whose package source has it (<c>-p:MqttClient=MQTTnet</c>). The default build is on libmosquitto and does not need it;
/// this one is not among what the product's own tests run.
/// </summary>
internal sealed class MqttNetLink(MqttLinkSettings settings, TimeProvider time) : IMqttLink
{
    private static readonly TimeSpan ConnackWithin = TimeSpan.FromSeconds(15);

    private readonly MqttClientFactory _factory = new();
    private readonly ReconnectPolicy _policy = new();
    private readonly LinkEvents _events = new();
    private readonly Pause _pause = new(time);
    private readonly CancellationTokenSource _disposed = new();
    private volatile IMqttClient? _current;
    private Task _running = Task.CompletedTask;

    public event Action<MqttLinkChange>? Changed;

    public event Action<MqttMessage>? Received;

    public bool IsUp => _current is { IsConnected: true };

    public Task RunAsync(CancellationToken stop) => _running = RunUntilAsync(stop);

    public void TryNow() => _pause.Cut();

    public async Task<MqttPublishResult> PublishAsync(MqttMessage message, CancellationToken stop)
    {
        if (_current is not { IsConnected: true } client)
        {
            return new MqttPublishResult(MqttReason.NotConnected);
        }

        try
        {
            MqttClientPublishResult result = await client.PublishAsync(Of(message), stop);
            return new MqttPublishResult((MqttReason)(int)result.ReasonCode, result.ReasonString);
        }
        catch (Exception e) when (e is MqttCommunicationException or MqttClientDisconnectedException || (e is OperationCanceledException && !stop.IsCancellationRequested))
        {
            return new MqttPublishResult(MqttReason.ConnectionLost, e.Message);
        }
    }

    public async Task<MqttSubscribeResult> SubscribeAsync(IReadOnlyList<MqttSubscription> filters, CancellationToken stop)
    {
        if (_current is not { IsConnected: true } client)
        {
            return new MqttSubscribeResult([MqttReason.NotConnected]);
        }

        MqttClientSubscribeOptionsBuilder options = _factory.CreateSubscribeOptionsBuilder();
        foreach (MqttSubscription filter in filters)
        {
            options = options.WithTopicFilter(filter.Filter, (MqttQualityOfServiceLevel)(int)filter.Qos);
        }

        try
        {
            MqttClientSubscribeResult result = await client.SubscribeAsync(options.Build(), stop);
            return new MqttSubscribeResult([.. result.Items.Select(i => (MqttReason)(int)i.ResultCode)]);
        }
        catch (Exception e) when (e is MqttCommunicationException or MqttClientDisconnectedException || (e is OperationCanceledException && !stop.IsCancellationRequested))
        {
            return new MqttSubscribeResult([MqttReason.ConnectionLost]);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _disposed.CancelAsync();
        await _running.ContinueWith(_ => { }, TaskScheduler.Default);
        _disposed.Dispose();
    }

    private async Task RunUntilAsync(CancellationToken stop)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop, _disposed.Token);
        Task raising = _events.RunAsync(change => Changed?.Invoke(change), message => Received?.Invoke(message));
        bool cleanStart = settings.CleanStart;
        while (!over.IsCancellationRequested)
        {
            _pause.Forget();
            (MqttReason reason, string? words, bool wasUp) = await ConnectAsync(cleanStart, over.Token);
            cleanStart &= !wasUp;
            _current = null;
            TimeSpan pause = over.IsCancellationRequested ? TimeSpan.Zero : _policy.OnDown(reason, time.GetElapsedTime(0), Random.Shared.NextDouble());
            _events.Post(new MqttLinkChange(false, false, reason, words, pause, reason == MqttReason.SessionTakenOver));
            await _pause.WaitAsync(pause, over.Token);
        }

        _events.Complete();
        await raising;
    }

    private async Task<(MqttReason Reason, string? Words, bool WasUp)> ConnectAsync(bool cleanStart, CancellationToken stop)
    {
        using IMqttClient client = _factory.CreateMqttClient();
        var ended = new TaskCompletionSource<(MqttReason, string?, bool)>(TaskCreationOptions.RunContinuationsAsynchronously);
        client.ApplicationMessageReceivedAsync += e =>
        {
            _events.Post(Of(e.ApplicationMessage));
            return Task.CompletedTask;
        };
        client.DisconnectedAsync += e =>
        {
            var told = (MqttReason)(int)e.Reason;
            ended.TrySetResult((told.IsFailure() ? told : MqttReason.ConnectionLost, e.ReasonString, e.ClientWasConnected));
            return Task.CompletedTask;
        };
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
            patience.CancelAfter(ConnackWithin);
            MqttClientConnectResult result = await client.ConnectAsync(Options(cleanStart), patience.Token);
            if (result.ResultCode != MqttClientConnectResultCode.Success)
            {
                return ((MqttReason)(int)result.ResultCode, result.ReasonString, false);
            }

            _policy.OnUp(time.GetElapsedTime(0));
            _current = client;
            _events.Post(new MqttLinkChange(true, result.IsSessionPresent, MqttReason.Success));
            await using (stop.Register(() => ended.TrySetResult((MqttReason.Success, null, true))))
            {
                (MqttReason Reason, string? Words, bool WasUp) end = await ended.Task;
                if (stop.IsCancellationRequested)
                {
                    await client.DisconnectAsync(new MqttClientDisconnectOptions { Reason = MqttClientDisconnectOptionsReason.NormalDisconnection }, CancellationToken.None);
                }

                return end;
            }
        }
        catch (OperationCanceledException)
        {
            return (stop.IsCancellationRequested ? MqttReason.Success : MqttReason.Unreachable, null, false);
        }
        catch (MqttConnectingFailedException e)
        {
            return ((MqttReason)(int)e.ResultCode, e.Message, false);
        }
        catch (MqttCommunicationException e)
        {
            return (e.InnerException is AuthenticationException ? MqttReason.TlsFailed : MqttReason.Unreachable, e.Message, false);
        }
    }

    private MqttClientOptions Options(bool cleanStart)
    {
        MqttClientOptionsBuilder options = _factory.CreateClientOptionsBuilder()
            .WithTcpServer(settings.Host, settings.Port)
            .WithProtocolVersion(MqttProtocolVersion.V500)
            .WithClientId(settings.ClientId)
            .WithCredentials(settings.Username, settings.Password())
            .WithKeepAlivePeriod(settings.KeepAlive)
            .WithCleanStart(cleanStart)
            .WithSessionExpiryInterval((uint)Math.Ceiling(settings.SessionExpiry.TotalSeconds))
            .WithReceiveMaximum(settings.ReceiveMaximum);
        if (settings.Tls is { } tls)
        {
            options = options.WithTlsOptions(o => o.UseTls().WithSslProtocols(SslProtocols.Tls12 | SslProtocols.Tls13).WithCertificateValidationHandler(e => IsTrusted(e, tls)));
        }

        if (settings.Will() is { } will)
        {
            options = options.WithWillTopic(will.Message.Topic).WithWillPayload(will.Message.Payload.ToArray()).WithWillRetain(will.Message.Retain)
                .WithWillQualityOfServiceLevel((MqttQualityOfServiceLevel)(int)will.Message.Qos).WithWillDelayInterval((uint)Math.Ceiling(will.Delay.TotalSeconds));
            if (will.Message.ContentType is { } type)
            {
                options = options.WithWillContentType(type);
            }
        }

        return options.Build();
    }

    private static bool IsTrusted(MqttClientCertificateValidationEventArgs shown, MqttTls tls)
    {
        var believed = new X509Certificate2Collection();
        believed.ImportFromPemFile(tls.TrustFile);
        using var certificate = new X509Certificate2(shown.Certificate);
        if (!tls.NameCounts)
        {
            return believed.Any(b => b.RawData.AsSpan().SequenceEqual(certificate.RawData));
        }

        if ((shown.SslPolicyErrors & System.Net.Security.SslPolicyErrors.RemoteCertificateNameMismatch) != 0)
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(believed);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(certificate);
    }

    private static MqttApplicationMessage Of(MqttMessage message)
    {
        MqttApplicationMessageBuilder builder = new MqttApplicationMessageBuilder().WithTopic(message.Topic).WithPayload(message.Payload.ToArray())
            .WithQualityOfServiceLevel((MqttQualityOfServiceLevel)(int)message.Qos).WithRetainFlag(message.Retain);
        if (message.Expiry is { } expiry)
        {
            builder = builder.WithMessageExpiryInterval((uint)Math.Ceiling(expiry.TotalSeconds));
        }

        if (message.ResponseTopic is { } topic)
        {
            builder = builder.WithResponseTopic(topic);
        }

        if (!message.CorrelationData.IsEmpty)
        {
            builder = builder.WithCorrelationData(message.CorrelationData.ToArray());
        }

        if (message.ContentType is { } type)
        {
            builder = builder.WithContentType(type).WithPayloadFormatIndicator(MqttPayloadFormatIndicator.CharacterData);
        }

        foreach ((string name, string value) in message.UserProperties ?? [])
        {
            builder = builder.WithUserProperty(name, value);
        }

        return builder.Build();
    }

    private static MqttMessage Of(MqttApplicationMessage message) => new(
        message.Topic, message.Payload.ToArray(), message.QualityOfServiceLevel == MqttQualityOfServiceLevel.AtMostOnce ? MqttQos.AtMostOnce : MqttQos.AtLeastOnce,
        message.Retain, message.MessageExpiryInterval > 0 ? TimeSpan.FromSeconds(message.MessageExpiryInterval) : null, message.ResponseTopic,
        message.CorrelationData ?? [], message.UserProperties?.Select(p => new KeyValuePair<string, string>(p.Name, p.Value)).ToList(), message.ContentType);
}
#endif
