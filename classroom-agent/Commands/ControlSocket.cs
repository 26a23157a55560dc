using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging;

namespace ThreeClassrooms.Agent.Commands;

/// <summary>
/// The running agent's local control: Unix socket <c>control.sock</c> in the data folder, which only the agent's user may enter. One line in
/// (<c>mute</c>, <c>unmute</c>, <c>hand up</c>, <c>hand down</c>, <c>status</c>), one line out.
/// </summary>
internal sealed class ControlSocket(string data, Func<string, CancellationToken, Task<string>> answer, ILogger log)
{
    private const int LongestLine = 200;

    public static string PathIn(string data) => Path.Combine(Path.GetFullPath(data), "control.sock");

    public async Task RunAsync(CancellationToken stop)
    {
        string path = PathIn(data);
        File.Delete(path);
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            listener.Bind(new UnixDomainSocketEndPoint(path));
        }
        catch (Exception e) when (e is SocketException or ArgumentOutOfRangeException)
        {
            // A path over 107 bytes, or a file system without sockets: everything else works without it.
            log.ControlMissing(path, e.Message);
            return;
        }

        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        listener.Listen(4);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                using Socket caller = await listener.AcceptAsync(stop);
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
                limit.CancelAfter(TimeSpan.FromSeconds(10));
                byte[] line = new byte[LongestLine];
                int got = await caller.ReceiveAsync(line, limit.Token);
                string reply = await answer(Encoding.UTF8.GetString(line, 0, got).Trim(), limit.Token);
                await caller.SendAsync(Encoding.UTF8.GetBytes(reply + "\n"), limit.Token);
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                // That caller is gone.
            }
        }

        File.Delete(path);
    }

    /// <summary>Sends one line to the agent running on this data folder.</summary>
    /// <returns>Null: no agent is running there.</returns>
    public static async Task<string?> AskAsync(string data, string line, CancellationToken stop)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(PathIn(data)), stop);
            await socket.SendAsync(Encoding.UTF8.GetBytes(line + "\n"), stop);
            byte[] reply = new byte[4096];
            int got = await socket.ReceiveAsync(reply, stop);
            return Encoding.UTF8.GetString(reply, 0, got).Trim();
        }
        catch (SocketException)
        {
            return null;
        }
    }
}
