using System.Net;
using System.Net.Sockets;

namespace ThreeClassrooms.Mqtt.Native;

/// <summary>A link on libmosquitto: a chain of <see cref="Connection"/>s, served by the process's <see cref="PollLoop"/>.</summary>
internal sealed class MosquittoLink(MqttLinkSettings settings, TimeProvider time) : IMqttLink
{
    /// <summary>Name look-ups of many links at once would take all pool threads.</summary>
    private static readonly SemaphoreSlim Beginners = new(16);

    private readonly ReconnectPolicy _policy = new();
    private readonly LinkEvents _events = new();
    private readonly Pause _pause = new(time);
    private readonly CancellationTokenSource _disposed = new();
    private volatile Connection? _current;
    private volatile bool _isUp;
    private Task _running = Task.CompletedTask;

    public event Action<MqttLinkChange>? Changed;

    public event Action<MqttMessage>? Received;

    public bool IsUp => _isUp;

    public Task RunAsync(CancellationToken stop) => _running = RunUntilAsync(stop);

    public void TryNow() => _pause.Cut();

    public async Task<MqttPublishResult> PublishAsync(MqttMessage message, CancellationToken stop)
    {
        if (_current is not { } connection)
        {
            return new MqttPublishResult(MqttReason.NotConnected);
        }

        var done = new TaskCompletionSource<MqttPublishResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        PollLoop.Shared.Post(() => connection.Publish(message, done));
        return await done.Task.WaitAsync(stop);
    }

    public async Task<MqttSubscribeResult> SubscribeAsync(IReadOnlyList<MqttSubscription> filters, CancellationToken stop)
    {
        if (_current is not { } connection)
        {
            return new MqttSubscribeResult([MqttReason.NotConnected]);
        }

        var asked = new List<Task<MqttReason>>(filters.Count);
        foreach (MqttSubscription filter in filters)
        {
            var done = new TaskCompletionSource<MqttReason>(TaskCreationOptions.RunContinuationsAsynchronously);
            asked.Add(done.Task);
            PollLoop.Shared.Post(() => connection.Subscribe(filter, done));
        }

        return new MqttSubscribeResult(await Task.WhenAll(asked).WaitAsync(stop));
    }

    public async ValueTask DisposeAsync()
    {
        await _disposed.CancelAsync();
        await _running.ContinueWith(_ => { }, TaskScheduler.Default); // its fault is its caller's to see
        _disposed.Dispose();
    }

    private async Task RunUntilAsync(CancellationToken stop)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop, _disposed.Token);
        Task raising = RaiseAsync(over);
        bool cleanStart = settings.CleanStart;
        int attempt = 0;
        while (!over.IsCancellationRequested)
        {
            _pause.Forget();
            ConnectionEnd end = await ConnectAsync(cleanStart, attempt++, over.Token);
            if (_isUp)
            {
                (_isUp, cleanStart) = (false, false);
            }

            _current = null;
            TimeSpan pause = over.IsCancellationRequested ? TimeSpan.Zero : _policy.OnDown(end.Reason, Now(), Random.Shared.NextDouble());
            _events.Post(new MqttLinkChange(false, false, end.Reason, end.Words, pause, end.Reason == MqttReason.SessionTakenOver));
            await _pause.WaitAsync(pause, over.Token);
        }

        _events.Complete();
        await raising;
    }

    /// <summary>A listener that throws ends the link, loudly.</summary>
    private async Task RaiseAsync(CancellationTokenSource over)
    {
        try
        {
            await _events.RunAsync(change => Changed?.Invoke(change), message => Received?.Invoke(message));
        }
        finally
        {
            await over.CancelAsync();
        }
    }

    /// <summary>One connection from its beginning to its end.</summary>
    private async Task<ConnectionEnd> ConnectAsync(bool cleanStart, int attempt, CancellationToken stop)
    {
        if (!Mosquitto.IsThere)
        {
            return new ConnectionEnd(MqttReason.LibraryMissing, "libmosquitto.so.1 is not installed");
        }

        Connection connection;
        try
        {
            string address = await AddressAsync(attempt, stop);
            await Beginners.WaitAsync(stop);
            try
            {
                connection = await Task.Run(() => Connection.Begin(settings, address, cleanStart, OnUp, _events.Post, () => _events.HasRoom), stop);
            }
            finally
            {
                Beginners.Release();
            }
        }
        catch (OperationCanceledException)
        {
            return new ConnectionEnd(MqttReason.Success, null);
        }
        catch (SocketException e)
        {
            return new ConnectionEnd(MqttReason.Unreachable, e.Message);
        }

        _current = connection;
        PollLoop.Shared.Post(() => PollLoop.Shared.Add(connection));
        await using CancellationTokenRegistration closing = stop.Register(() => PollLoop.Shared.Post(connection.Close));
        return await connection.Ended;
    }

    /// <summary>
    /// The library takes a name's first address only; here each attempt takes the next. Where the name is part of the certificate's check the library needs it.
    /// </summary>
    private async Task<string> AddressAsync(int attempt, CancellationToken stop)
    {
        if (settings.Tls is { NameCounts: true } || IPAddress.TryParse(settings.Host, out _))
        {
            return settings.Host;
        }

        IPAddress[] addresses = await Dns.GetHostAddressesAsync(settings.Host, stop);
        return addresses.Length == 0 ? settings.Host : addresses.OrderBy(a => a.AddressFamily).ElementAt(attempt % addresses.Length).ToString();
    }

    /// <summary>On the loop's thread, before the connection's first message.</summary>
    private void OnUp(bool sessionPresent)
    {
        _policy.OnUp(Now());
        _isUp = true;
        _events.Post(new MqttLinkChange(true, sessionPresent, MqttReason.Success));
    }

    private TimeSpan Now() => time.GetElapsedTime(0);
}
