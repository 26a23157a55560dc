using System.Net;
using Microsoft.AspNetCore.Connections;
using ThreeClassrooms.Hub.Streams.Loops;
using ThreeClassrooms.Hub.Streams.Sockets;
using ThreeClassrooms.Hub.Streams.Tcp;
using ThreeClassrooms.Media.Dtls;

namespace ThreeClassrooms.Hub.Streams;

/// <summary>
/// The media driver. Its entry points are thread-safe: each posts to the loop that owns the lesson and returns at once. One loop
/// owns the port and all lessons; what comes before the loop is in <see cref="StreamServer"/>, what comes behind in the media library.
/// </summary>
internal sealed partial class StreamServer : IHostedService, IDisposable
{
    private readonly MediaEndpoint _endpoint;
    private readonly StreamsOptions _options;
    private readonly StreamDirectory _directory = new();
    private readonly DtlsIdentity _identity;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly StreamsMetrics _metrics;
    private readonly MediaLoop _loop;
    private uint _tcpConnections;

    public StreamServer(
        MediaEndpoint endpoint, StreamsOptions options, StreamsMetrics metrics, TimeProvider time, ILogger<StreamServer> log,
        IEnumerable<IStreamObserver> observers, IStreamRecorder? recorder = null)
    {
        (_endpoint, _options, _metrics, _time, _log) = (endpoint, options, metrics, time, log);
        _identity = DtlsIdentity.Create(time.GetUtcNow().AddDays(-1)); // peers' clocks may be behind
        IDatagramPort port = OperatingSystem.IsLinux() && Environment.Is64BitProcess
            ? new LinuxDatagramPort(endpoint.Listen, endpoint.Port, options.SocketBuffer)
            : new PlainDatagramPort(endpoint.Listen, endpoint.Port, options.SocketBuffer);
        _loop = new MediaLoop(port, options, new MediaClockwork(time, [.. observers], _directory, recorder), metrics, log);
    }

    /// <summary>WHIP and WHEP are refused (<c>lessonClosed</c>) for lessons that are not open. Opening an open lesson does nothing.</summary>
    public void OpenLesson(Guid lessonId)
    {
        _directory.Open(lessonId);
        _loop.Post(() => _loop.OpenLesson(lessonId));
    }

    /// <summary>Ends all connections of the lesson and closes its recordings.</summary>
    public void CloseLesson(Guid lessonId)
    {
        _directory.Close(lessonId);
        _loop.Post(() => _loop.CloseLesson(lessonId));
    }

    /// <summary>Which seat besides "host" is forwarded to everybody; null: none.</summary>
    public void SetFloor(Guid lessonId, string? seatId) => _loop.Post(() => _loop.SetFloor(lessonId, seatId));

    /// <summary>Drops the seat's sound in the hub while muted.</summary>
    public void SetMuted(Guid lessonId, string seatId, bool muted) => _loop.Post(() => _loop.SetMuted(lessonId, seatId, muted));

    public void StartRecording(Guid lessonId) => _loop.Post(() => _loop.SetRecording(lessonId, true));

    public void StopRecording(Guid lessonId) => _loop.Post(() => _loop.SetRecording(lessonId, false));

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (SelfTest.Once(_time.GetUtcNow()) is { } fault)
        {
            throw new InvalidOperationException($"This machine cannot carry lessons: the media self-test failed at {fault}.");
        }

        _loop.Start();
        StreamsLog.Listening(_log, _endpoint.Port, string.Join(", ", _endpoint.Addresses), _endpoint.Tcp);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _loop.Stop();
        return Task.CompletedTask;
    }

    /// <summary>A TCP connection whose first byte says media; null: media over TCP is switched off.</summary>
    public TcpMediaConnection? AcceptTcp(ConnectionContext connection, IPEndPoint remote) => !_options.Tcp
        ? null
        : new TcpMediaConnection(connection, SocketAddressBytes.From(remote, Interlocked.Increment(ref _tcpConnections)), _loop);

    public void Dispose()
    {
        _loop.Dispose();
        _identity.Dispose();
    }
}
