using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;

namespace ThreeClassrooms.Hub.Streams.Tcp;

/// <summary>
/// The door of the hub's TCP port: counts who comes in, ends what says nothing, and looks at the first byte: media goes to the loop, everything else on to TLS and HTTP.
/// </summary>
internal sealed class MediaConnectionMiddleware(ConnectionDelegate next, StreamServer server, ConnectionGate gate, StreamsMetrics metrics, GateWatch watch)
{
    // A first byte comes with the first packet.
    private static readonly TimeSpan FirstByteWait = TimeSpan.FromSeconds(10);

    // A TLS handshake and the headers of a request, over a bad line.
    private static readonly TimeSpan FirstWordWait = TimeSpan.FromSeconds(30);

    public async Task InvokeAsync(ConnectionContext connection)
    {
        var remote = connection.RemoteEndPoint as IPEndPoint;
        if (gate.TryEnter(remote?.Address ?? IPAddress.None, connection.Abort, out ConnectionGuest? guest) is { } refusal)
        {
            metrics.Event(System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName("Tcp" + refusal));
            watch.OnRefused(refusal, remote);
            connection.Abort();
            return;
        }

        using (guest)
        {
            connection.Features.Set(guest);
            switch (await IsMediaAsync(connection))
            {
                case true when remote is not null && server.AcceptTcp(connection, remote, guest!) is { } media:
                    await media.RunAsync();
                    break;
                case false:
                    await ServeAsync(connection, guest!);
                    break;
                default:
                    break; // silent, or gone
            }
        }
    }

    private async Task ServeAsync(ConnectionContext connection, ConnectionGuest guest)
    {
        using var wait = new CancellationTokenSource(FirstWordWait);
        await using CancellationTokenRegistration end = wait.Token.Register(() =>
        {
            if (guest.IsSilent)
            {
                metrics.Event("tcpSilent");
                connection.Abort(new ConnectionAbortedException("No whole request has come."));
            }
        });
        await next(connection);
    }

    /// <returns>Null: nothing has come.</returns>
    private static async Task<bool?> IsMediaAsync(ConnectionContext connection)
    {
        using var wait = CancellationTokenSource.CreateLinkedTokenSource(connection.ConnectionClosed);
        wait.CancelAfter(FirstByteWait);
        PipeReader input = connection.Transport.Input;
        try
        {
            ReadResult result = await input.ReadAsync(wait.Token);
            ReadOnlySequence<byte> bytes = result.Buffer;
            bool? media = bytes.IsEmpty ? null : Rfc4571.IsMedia(bytes.FirstSpan[0]);
            input.AdvanceTo(bytes.Start); // looked at, not taken
            return media;
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException)
        {
            return null;
        }
    }
}
