using System.Net.Sockets;
using System.Text.Json;

namespace ThreeClassrooms.Agent.Playback;

/// <summary>Speaks mpv's JSON IPC over its socket: one request, one answer, in turn. Not thread-safe; every failure is null or false.</summary>
internal sealed class MpvControl : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private readonly NetworkStream _stream;
    private readonly StreamReader _lines;
    private int _request;

    private MpvControl(Socket socket)
    {
        _stream = new NetworkStream(socket, ownsSocket: true);
        _lines = new StreamReader(_stream);
    }

    /// <returns>Null: mpv does not listen (yet).</returns>
    public static async Task<MpvControl?> ConnectAsync(string socketPath, CancellationToken stop)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), stop);
            return new MpvControl(socket);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            socket.Dispose();
            return null;
        }
    }

    /// <returns>The answer's data; null when mpv refused or is gone.</returns>
    public async Task<JsonElement?> AskAsync(object command, CancellationToken stop)
    {
        int id = ++_request;
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
            limit.CancelAfter(Patience);
            byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(new { command, request_id = id }), (byte)'\n'];
            await _stream.WriteAsync(line, limit.Token);
            while (await _lines.ReadLineAsync(limit.Token) is { } answer)
            {
                using JsonDocument json = JsonDocument.Parse(answer);
                if (json.RootElement.TryGetProperty("request_id", out JsonElement answered) && answered.GetInt32() == id)
                {
                    bool done = json.RootElement.GetProperty("error").GetString() == "success";
                    return done && json.RootElement.TryGetProperty("data", out JsonElement data) ? data.Clone() : done ? default(JsonElement) : null;
                }
            }
        }
        catch (Exception e) when (e is IOException or JsonException or OperationCanceledException or ObjectDisposedException or KeyNotFoundException)
        {
            // mpv is gone or hangs: its supervisor will see to it.
        }

        return null;
    }

    /// <summary>Writes ASS events on 1280 × 720 over the picture; empty: takes them off.</summary>
    /// <returns>False: mpv refused or is gone.</returns>
    public async Task<bool> OverlayAsync(int id, string events, CancellationToken stop) =>
        await AskAsync(new { name = "osd-overlay", id, format = events.Length > 0 ? "ass-events" : "none", data = events, res_x = 1280, res_y = 720 }, stop) is not null;

    public async Task<double?> NumberAsync(string property, CancellationToken stop) =>
        await AskAsync(new object[] { "get_property", property }, stop) is { ValueKind: JsonValueKind.Number } value ? value.GetDouble() : null;

    public void Dispose()
    {
        _lines.Dispose();
        _stream.Dispose();
    }
}
