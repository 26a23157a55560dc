using System.Net;
using System.Net.Sockets;

namespace ThreeClassrooms.EndToEnd.Stage;

/// <summary>The hub at another address of this machine, for a device whose packets are to be told from everybody else's.</summary>
internal sealed class Gate : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly int _hubPort;
    private readonly CancellationTokenSource _over = new();
    private readonly Task _accepting;

    public Gate(IPAddress address, int hubPort)
    {
        _hubPort = hubPort;
        _listener = new TcpListener(address, 0);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Address => new($"http://{_listener.LocalEndpoint}");

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _accepting;
        _listener.Dispose();
        _over.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_over.Token));
            }
        }
        catch (OperationCanceledException)
        {
            // The story is over.
        }
    }

    private async Task ServeAsync(TcpClient device)
    {
        using (device)
        using (var hub = new TcpClient())
        {
            try
            {
                await hub.ConnectAsync(IPAddress.Loopback, _hubPort, _over.Token);
                await Task.WhenAny(device.GetStream().CopyToAsync(hub.GetStream(), _over.Token), hub.GetStream().CopyToAsync(device.GetStream(), _over.Token));
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
            {
                // One end is gone.
            }
        }
    }
}
