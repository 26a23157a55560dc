using System.Net;
using System.Net.Sockets;
using ThreeClassrooms.Mqtt;

namespace ThreeClassrooms.Agent.Simulation;

/// <summary>
/// The network cable between one device and the broker: a relay on loopback that can be pulled (nothing goes through, nobody is told), made slow, or torn at the
/// device's end (a machine without power). Thread-safe.
/// </summary>
internal sealed class Cable : IAsyncDisposable
{
    /// <summary>TCP sends again what was lost: the receiver only sees that it comes late.</summary>
    private static readonly TimeSpan SentAgainAfter = TimeSpan.FromMilliseconds(900);

    private const int OneIn = 25;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _over = new();
    private readonly Lock _lock = new();
    private readonly List<Socket> _open = [];
    private readonly Task _accepting;
    private (string Host, int Port) _broker;
    private volatile TaskCompletionSource? _pulled;
    private long _delayTicks;

    public Cable()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public bool IsPulled => _pulled is not null;

    /// <summary>How much longer everything takes, one way; zero: not at all.</summary>
    public TimeSpan Delay
    {
        get => TimeSpan.FromTicks(Interlocked.Read(ref _delayTicks));
        set => Interlocked.Exchange(ref _delayTicks, value.Ticks);
    }

    /// <summary>The same link by way of this cable. The broker's certificate is believed as before, but cannot be asked to name the cable's end.</summary>
    public MqttLinkSettings Through(MqttLinkSettings settings)
    {
        lock (_lock)
        {
            _broker = (settings.Host, settings.Port);
        }

        return settings with
        {
            Host = IPAddress.Loopback.ToString(),
            Port = ((IPEndPoint)_listener.LocalEndpoint).Port,
            Tls = settings.Tls is { } tls ? tls with { NameCounts = false } : null,
        };
    }

    public void Pull()
    {
        lock (_lock)
        {
            _pulled ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public void PlugIn()
    {
        lock (_lock)
        {
            _pulled?.TrySetResult();
            _pulled = null;
        }
    }

    /// <summary>Every connection ends at once without a farewell.</summary>
    public void Tear()
    {
        lock (_lock)
        {
            foreach (Socket socket in _open)
            {
                Close(socket);
            }

            _open.Clear();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        _listener.Stop();
        Tear();
        await _accepting;
        _over.Dispose();
    }

    private static void Close(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It is closed already.
        }

        socket.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptSocketAsync(_over.Token));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The simulation ends.
        }
    }

    private async Task ServeAsync(Socket device)
    {
        var broker = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        device.NoDelay = true;
        (string host, int port) = Keep(device, broker);
        try
        {
            await PassableAsync();
            await broker.ConnectAsync(host, port, _over.Token);
            await Task.WhenAny(PumpAsync(device, broker), PumpAsync(broker, device));
            await PassableAsync(); // who is cut off does not hear that the other end has given up
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The broker is away, or the cable was torn.
        }
        finally
        {
            Forget(device, broker);
        }
    }

    private (string Host, int Port) Keep(Socket device, Socket broker)
    {
        lock (_lock)
        {
            _open.Add(device);
            _open.Add(broker);
            return _broker;
        }
    }

    private void Forget(Socket device, Socket broker)
    {
        lock (_lock)
        {
            _open.Remove(device);
            _open.Remove(broker);
        }

        Close(device);
        Close(broker);
    }

    private async Task PumpAsync(Socket from, Socket to)
    {
        byte[] buffer = new byte[4096];
        try
        {
            while (await from.ReceiveAsync(buffer, _over.Token) is > 0 and var length)
            {
                await PassableAsync();
                if (Delay is var delay && delay > TimeSpan.Zero)
                {
                    await Task.Delay(Random.Shared.Next(OneIn) == 0 ? delay + SentAgainAfter : delay, _over.Token);
                }

                await to.SendAsync(buffer.AsMemory(0, length), _over.Token);
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // One end is gone.
        }
    }

    private Task PassableAsync() => _pulled is { } pulled ? pulled.Task.WaitAsync(_over.Token) : Task.CompletedTask;
}

/// <summary>Requests by way of a cable that may be pulled.</summary>
/// <param name="network">What the cable leads to; outlives this.</param>
internal sealed class CableHandler(Cable? cable, HttpMessageHandler network) : DelegatingHandler(network)
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        cable is { IsPulled: true } ? throw new HttpRequestException("The cable is pulled.") : base.SendAsync(request, cancellationToken);
}
