using System.IO.Pipelines;
using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using ThreeClassrooms.Agent.Enrolment;

namespace ThreeClassrooms.Agent.Joining;

/// <summary>Makes SignalR connections over a plain WebSocket, without negotiation.</summary>
/// <param name="pin">Pinned certificate of the hub; null: the system's trust decides.</param>
/// <param name="token">Gives the bearer token for each attempt; null: none to be had now.</param>
internal sealed class WebSocketConnectionFactory(Func<CancellationToken, Task<string?>> token, string? pin) : IConnectionFactory
{
    /// <exception cref="IOException">No token, or the hub could not be reached or refused.</exception>
    public async ValueTask<ConnectionContext> ConnectAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        string bearer = await token(cancellationToken) ?? throw new IOException("No device token");
        Uri hub = ((UriEndPoint)endpoint).Uri;
        var address = new UriBuilder(hub) { Scheme = hub.Scheme == Uri.UriSchemeHttps ? Uri.UriSchemeWss : Uri.UriSchemeWs };
        var socket = new ClientWebSocket();
        try
        {
            socket.Options.KeepAliveInterval = TimeSpan.FromSeconds(10);
            socket.Options.SetRequestHeader("Authorization", "Bearer " + bearer);
            if (HubTrust.Callback(pin) is { } callback)
            {
                socket.Options.RemoteCertificateValidationCallback = callback;
            }

            await socket.ConnectAsync(address.Uri, cancellationToken);
            return new WebSocketConnection(socket);
        }
        catch (WebSocketException e)
        {
            socket.Dispose();
            throw new IOException("The hub's lesson connection was refused", e);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>One WebSocket as the duplex pipe SignalR wants. Text messages; both directions end together.</summary>
internal sealed class WebSocketConnection : ConnectionContext, IConnectionInherentKeepAliveFeature
{
    private readonly ClientWebSocket _socket;
    private readonly Pipe _in = new();
    private readonly Pipe _out = new();
    private readonly CancellationTokenSource _closed = new();
    private readonly Task _pumps;

    public WebSocketConnection(ClientWebSocket socket)
    {
        _socket = socket;
        Transport = new Duplex(_in.Reader, _out.Writer);
        Features.Set<IConnectionInherentKeepAliveFeature>(this);
        _pumps = Task.WhenAll(ReceiveAsync(), SendAsync());
    }

    public override string ConnectionId { get; set; } = Guid.NewGuid().ToString("N");

    public override IFeatureCollection Features { get; } = new FeatureCollection();

    public override IDictionary<object, object?> Items { get; set; } = new Dictionary<object, object?>();

    public override IDuplexPipe Transport { get; set; }

    /// <summary>False: SignalR's own pings notice a dead line.</summary>
    public bool HasInherentKeepAlive => false;

    public override async ValueTask DisposeAsync()
    {
        await _out.Writer.CompleteAsync();
        await _closed.CancelAsync();
        _socket.Abort();
        await _pumps;
        _socket.Dispose();
        _closed.Dispose();
        await base.DisposeAsync();
    }

    private async Task ReceiveAsync()
    {
        Exception? fault = null;
        try
        {
            while (true)
            {
                ValueWebSocketReceiveResult got = await _socket.ReceiveAsync(_in.Writer.GetMemory(8192), _closed.Token);
                if (got.MessageType == WebSocketMessageType.Close)
                {
                    break;
                }

                _in.Writer.Advance(got.Count);
                if ((await _in.Writer.FlushAsync(_closed.Token)).IsCompleted)
                {
                    break;
                }
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            fault = e is WebSocketException ? new IOException("The lesson connection broke", e) : null;
        }

        await _in.Writer.CompleteAsync(fault);
        await _closed.CancelAsync();
    }

    private async Task SendAsync()
    {
        try
        {
            while (true)
            {
                ReadResult read = await _out.Reader.ReadAsync(_closed.Token);
                foreach (ReadOnlyMemory<byte> part in read.Buffer)
                {
                    await _socket.SendAsync(part, WebSocketMessageType.Text, endOfMessage: true, _closed.Token);
                }

                _out.Reader.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                {
                    break;
                }
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The receiving side reports it.
        }

        await _out.Reader.CompleteAsync();
        await _closed.CancelAsync();
    }

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
