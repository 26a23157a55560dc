using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;

namespace ThreeClassrooms.Hub.Streams.Tcp;

/// <summary>Looks at the first byte of a TCP connection on the hub's port: media goes to the loop, everything else on to TLS and HTTP.</summary>
internal sealed class MediaConnectionMiddleware(ConnectionDelegate next, StreamServer server)
{
    // A connection that says nothing is not kept; HTTP's own limits begin only behind us.
    private static readonly TimeSpan FirstByteWait = TimeSpan.FromSeconds(20);

    public async Task InvokeAsync(ConnectionContext connection)
    {
        if (!await IsMediaAsync(connection))
        {
            await next(connection);
        }
        else if (connection.RemoteEndPoint is IPEndPoint remote && server.AcceptTcp(connection, remote) is { } media)
        {
            await media.RunAsync();
        }
    }

    private static async Task<bool> IsMediaAsync(ConnectionContext connection)
    {
        using var wait = CancellationTokenSource.CreateLinkedTokenSource(connection.ConnectionClosed);
        wait.CancelAfter(FirstByteWait);
        PipeReader input = connection.Transport.Input;
        try
        {
            ReadResult result = await input.ReadAsync(wait.Token);
            ReadOnlySequence<byte> bytes = result.Buffer;
            bool media = !bytes.IsEmpty && Rfc4571.IsMedia(bytes.FirstSpan[0]);
            input.AdvanceTo(bytes.Start); // looked at, not taken
            return media;
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException)
        {
            return false;
        }
    }
}
