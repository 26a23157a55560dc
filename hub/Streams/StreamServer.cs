using System.ComponentModel;
using System.Net;
using Microsoft.AspNetCore.Connections;
using ThreeClassrooms.Hub.Streams.Loops;
using ThreeClassrooms.Hub.Streams.Sockets;
using ThreeClassrooms.Hub.Streams.Tcp;
using ThreeClassrooms.Media.Dtls;

namespace ThreeClassrooms.Hub.Streams;

/// <summary>
/// The media driver. Its entry points are thread-safe: each posts to the loop that owns the lesson and returns at once. What comes before the loops is in
/// <see cref="StreamServer"/>, what comes behind in the media library.
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
    private readonly MediaClockwork _clockwork;
    private readonly LoopSet _loops;
    private uint _tcpConnections;

    public StreamServer(
        MediaEndpoint endpoint, StreamsOptions options, StreamsMetrics metrics, TimeProvider time, ILogger<StreamServer> log,
        IEnumerable<IStreamObserver> observers, IStreamRecorder? recorder = null)
    {
        (_endpoint, _options, _metrics, _time, _log) = (endpoint, options, metrics, time, log);
        _identity = DtlsIdentity.Create(time.GetUtcNow().AddDays(-1)); // peers' clocks may be behind
        _clockwork = new MediaClockwork(time, [.. observers], _directory, recorder);
        _loops = new LoopSet(CreateLoop, options.LoopsHere);
    }

    /// <summary>WHIP and WHEP are refused (<c>lessonClosed</c>) for lessons that are not open. Opening an open lesson does nothing.</summary>
    public void OpenLesson(Guid lessonId)
    {
        MediaLoop loop = _loops.Place(lessonId);
        loop.Post(() => loop.OpenLesson(lessonId));
        _directory.Open(lessonId);
    }

    /// <summary>Ends all connections of the lesson and closes its recordings.</summary>
    public void CloseLesson(Guid lessonId)
    {
        _directory.Close(lessonId);
        if (_loops.Release(lessonId) is { } loop)
        {
            loop.Post(() => loop.CloseLesson(lessonId));
        }
    }

    /// <summary>Which seat besides "host" is forwarded to everybody; null: none.</summary>
    public void SetFloor(Guid lessonId, string? seatId) => Tell(lessonId, loop => loop.SetFloor(lessonId, seatId));

    /// <summary>Drops the seat's sound in the hub while muted.</summary>
    public void SetMuted(Guid lessonId, string seatId, bool muted) => Tell(lessonId, loop => loop.SetMuted(lessonId, seatId, muted));

    /// <summary>Nothing of the lesson is forwarded while paused; its connections stay.</summary>
    public void SetPaused(Guid lessonId, bool paused) => Tell(lessonId, loop => loop.SetPaused(lessonId, paused));

    public void StartRecording(Guid lessonId) => Tell(lessonId, loop => loop.SetRecording(lessonId, true));

    public void StopRecording(Guid lessonId) => Tell(lessonId, loop => loop.SetRecording(lessonId, false));

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (SelfTest.Once(_time.GetUtcNow()) is { } fault)
        {
            throw new InvalidOperationException($"This machine cannot carry lessons: the media self-test failed at {fault}.");
        }

        _loops.Start();
        StreamsLog.Listening(_log, _endpoint.Port, string.Join(", ", _endpoint.Addresses), _endpoint.Tcp);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _loops.Stop();
        return Task.CompletedTask;
    }

    /// <summary>A TCP connection whose first byte says media; null: media over TCP is switched off.</summary>
    public TcpMediaConnection? AcceptTcp(ConnectionContext connection, IPEndPoint remote, ConnectionGuest guest) => !_options.Tcp
        ? null
        : new TcpMediaConnection(connection, SocketAddressBytes.From(remote, Interlocked.Increment(ref _tcpConnections)), _loops, guest);

    public void Dispose()
    {
        _loops.Dispose();
        _identity.Dispose();
    }

    private void Tell(Guid lessonId, Action<MediaLoop> command)
    {
        if (_loops.Of(lessonId) is { } loop)
        {
            loop.Post(() => command(loop));
        }
    }

    private MediaLoop? CreateLoop(int index)
    {
        if (!_endpoint.HasPort(index))
        {
            return null;
        }

        try
        {
            IDatagramPort port = OperatingSystem.IsLinux() && Environment.Is64BitProcess
                ? new LinuxDatagramPort(_endpoint.Listen, _endpoint.Port + index, _options.SocketBuffer)
                : new PlainDatagramPort(_endpoint.Listen, _endpoint.Port + index, _options.SocketBuffer);
            return new MediaLoop(index, port, _options, _clockwork, _metrics, _log);
        }
        catch (Win32Exception fault) when (index > 0)
        {
            StreamsLog.LoopPortTaken(_log, fault, _endpoint.Port + index, index);
            return null;
        }
    }
}
