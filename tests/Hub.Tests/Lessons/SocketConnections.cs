using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;

namespace ThreeClassrooms.Hub.Tests.Lessons;

/// <summary>Carries a SignalR client over the test server's own WebSockets: no port, no negotiation.</summary>
internal sealed class SocketConnections(TestServer server, Action<IHeaderDictionary> headers) : IConnectionFactory
{
    public async ValueTask<ConnectionContext> ConnectAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        WebSocketClient client = server.CreateWebSocketClient();
        client.ConfigureRequest = request => headers(request.Headers);
        WebSocket socket = await client.ConnectAsync(((UriEndPoint)endpoint).Uri, cancellationToken);
        return new SocketConnection(socket);
    }

    private sealed class SocketConnection : DefaultConnectionContext
    {
        private readonly WebSocket _socket;
        private readonly CancellationTokenSource _closed = new();

        public SocketConnection(WebSocket socket)
            : base(Guid.NewGuid().ToString())
        {
            _socket = socket;
            Pipe incoming = new(), outgoing = new();
            Transport = new Duplex(incoming.Reader, outgoing.Writer);
            ConnectionClosed = _closed.Token;
            _ = ReceiveAsync(incoming.Writer);
            _ = SendAsync(outgoing.Reader);
        }

        public override async ValueTask DisposeAsync()
        {
            await _closed.CancelAsync();
            _socket.Abort();
            _socket.Dispose();
            await base.DisposeAsync();
        }

        private async Task ReceiveAsync(PipeWriter writer)
        {
            try
            {
                while (true)
                {
                    ValueWebSocketReceiveResult read = await _socket.ReceiveAsync(writer.GetMemory(4096), _closed.Token);
                    if (read.MessageType == WebSocketMessageType.Close)
                    {
                        break;
                    }

                    writer.Advance(read.Count);
                    await writer.FlushAsync();
                }
            }
            catch (Exception fault) when (fault is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException)
            {
                // The other end went; the reader sees the end of the pipe.
            }

            await writer.CompleteAsync();
        }

        private async Task SendAsync(PipeReader reader)
        {
            try
            {
                while (true)
                {
                    ReadResult read = await reader.ReadAsync(_closed.Token);
                    if (!read.Buffer.IsEmpty)
                    {
                        await _socket.SendAsync(read.Buffer.ToArray(), WebSocketMessageType.Text, true, _closed.Token);
                    }

                    reader.AdvanceTo(read.Buffer.End);
                    if (read.IsCompleted)
                    {
                        break;
                    }
                }
            }
            catch (Exception fault) when (fault is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException)
            {
                // Nobody to send to any more.
            }
        }
    }

    private sealed class Duplex(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input => input;

        public PipeWriter Output => output;
    }
}
