using System.Buffers;
using Microsoft.Extensions.Logging;
using ThreeClassrooms.Agent.Children;

namespace ThreeClassrooms.Agent.Capture;

/// <summary>
/// Runs the capturing FFmpeg while somebody holds it open, and only then, and gives its frames to the sinks. Frames carry the agent's monotonic clock, so a
/// restarted FFmpeg goes on in the same timeline. Everything but <see cref="RunAsync"/> may be called from anywhere.
/// </summary>
/// <param name="find">What to capture now; asked anew at each start, for a camera may be plugged in at any time.</param>
/// <param name="meter">Hears the captured sound; null: nobody measures it.</param>
internal sealed class CaptureLoop(Func<SourceSpec> find, CaptureOptions options, TimeProvider time, ILogger log, SoundMeter? meter = null)
{
    /// <summary>A source that gives no picture for this long is started anew: FFmpeg may hang on a dead network camera.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(8);

    /// <summary>A device may take its time to open.</summary>
    private static readonly TimeSpan Opening = TimeSpan.FromSeconds(20);

    private readonly Lock _gate = new();
    private readonly List<CaptureReason> _reasons = [];
    private TaskCompletionSource _changed = Fresh();
    private IFrameSink[] _sinks = [];
    private TimeSpan? _shift;
    private TimeSpan _lastAt;
    private long _openedAt;
    private long _lastVideo;
    private long _lastAudio;
    private volatile bool _unusable;

    public CaptureLoop(SourceSpec source, CaptureOptions options, TimeProvider time, ILogger log, SoundMeter? meter = null)
        : this(() => source, options, time, log, meter)
    {
    }

    /// <summary>There is something to capture.</summary>
    public bool HasSource => Source.Kind != SourceKind.None;

    /// <summary>What is, or would be, captured now.</summary>
    public SourceSpec Source => find();

    /// <summary>Somebody wants camera and microphone open.</summary>
    public bool IsOpen
    {
        get
        {
            lock (_gate)
            {
                return _reasons.Count > 0;
            }
        }
    }

    /// <summary>Since when it has been open; null: it is not.</summary>
    public TimeSpan? OpenFor => IsOpen ? time.GetElapsedTime(Volatile.Read(ref _openedAt)) : null;

    /// <summary>It was opened so lately that nothing may have come yet.</summary>
    public bool IsOpening => OpenFor < Opening;

    /// <summary>A picture came within the last 2 s.</summary>
    public bool VideoFlows => Recent(Volatile.Read(ref _lastVideo), 2);

    /// <summary>Sound came within the last 2 s.</summary>
    public bool AudioFlows => Recent(Volatile.Read(ref _lastAudio), 2);

    /// <summary>Something came within the last 10 s: a stream of it is worth publishing.</summary>
    public bool Gives => IsOpen && (Recent(Volatile.Read(ref _lastVideo), 10) || Recent(Volatile.Read(ref _lastAudio), 10));

    /// <summary>Pictures come, but not as H.264: a network camera left at H.265.</summary>
    public bool PictureIsNotH264 => IsOpen && _unusable;

    /// <summary>How often FFmpeg was started.</summary>
    public int Starts { get; private set; }

    /// <summary>Opens camera and microphone, or keeps them open, until the answer is disposed of.</summary>
    public IDisposable Open(CaptureReason reason)
    {
        lock (_gate)
        {
            if (_reasons.Count == 0)
            {
                Volatile.Write(ref _openedAt, time.GetTimestamp());
                log.CaptureOpened(reason);
            }

            _reasons.Add(reason);
            _changed.TrySetResult();
        }

        return new Hold(this, reason);
    }

    public void Add(IFrameSink sink)
    {
        lock (_gate)
        {
            _sinks = [.. _sinks, sink];
        }
    }

    public void Remove(IFrameSink sink)
    {
        lock (_gate)
        {
            _sinks = [.. _sinks.Where(s => s != sink)];
        }
    }

    /// <summary>Waits until pictures, and sound where there is a microphone, have come.</summary>
    /// <returns>False: not within the time given.</returns>
    public async Task<bool> FlowsWithinAsync(TimeSpan patience, CancellationToken stop)
    {
        long begun = time.GetTimestamp();
        while (!stop.IsCancellationRequested && time.GetElapsedTime(begun) < patience && HasSource)
        {
            if (VideoFlows && (AudioFlows || !Source.HasSound))
            {
                return true;
            }

            await Waits.PauseAsync(TimeSpan.FromMilliseconds(100), TimeProvider.System, stop);
        }

        return false;
    }

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            Task changed = Changed();
            if (IsOpen)
            {
                using var closing = CancellationTokenSource.CreateLinkedTokenSource(stop);
                Task running = new ChildLoop("capture", StartAsync, ServeAsync, time, log).RunAsync(closing.Token);
                await ClosedAsync(stop);
                await closing.CancelAsync();
                await running;
            }
            else
            {
                await changed.WaitAsync(stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private static TaskCompletionSource Fresh() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Task Changed()
    {
        lock (_gate)
        {
            _changed = _changed.Task.IsCompleted ? Fresh() : _changed;
            return _changed.Task;
        }
    }

    private async Task ClosedAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            Task changed = Changed();
            if (!IsOpen)
            {
                return;
            }

            await changed.WaitAsync(stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Close(CaptureReason reason)
    {
        lock (_gate)
        {
            _reasons.Remove(reason);
            if (_reasons.Count == 0)
            {
                // What comes after this is not waited for: nothing of the last opening counts for the next.
                (_lastVideo, _lastAudio, _unusable) = (0, 0, false);
                log.CaptureClosed();
            }

            _changed.TrySetResult();
        }
    }

    private Task<ChildProcess> StartAsync()
    {
        SourceSpec source = find();
        return source.Kind == SourceKind.None
            ? throw new IOException("No camera is there")
            : ChildProcess.StartAsync("capture", options.Ffmpeg, FfmpegCapture.Arguments(source, options), log);
    }

    private async Task ServeAsync(ChildProcess child, CancellationToken stop)
    {
        Starts++;
        _shift = null;
        meter?.OnBreak();
        var reader = new TransportStreamReader(OnFrame, meter is null ? null : data => meter.OnSamples(data), OnOtherPicture);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(stop);
        try
        {
            // A device may take its time to open.
            silence.CancelAfter(Silence * 2);
            int got;
            while ((got = await child.Output.ReadAsync(buffer, silence.Token)) > 0)
            {
                reader.OnBytes(buffer.AsSpan(0, got));
                silence.CancelAfter(Silence);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void OnOtherPicture()
    {
        if (!_unusable)
        {
            _unusable = true;
            log.PictureNotH264();
        }
    }

    private void OnFrame(MediaFrame frame)
    {
        if (!IsOpen)
        {
            return;
        }

        long now = time.GetTimestamp();
        TimeSpan arrived = TimeSpan.FromSeconds((double)now / time.TimestampFrequency);
        if (_shift is null || (frame.At + _shift.Value - arrived).Duration() > TimeSpan.FromSeconds(3))
        {
            // First frame of this FFmpeg, or its stamps jumped: continue where the clock is, never backwards.
            TimeSpan start = arrived > _lastAt ? arrived : _lastAt + TimeSpan.FromMilliseconds(1);
            _shift = start - frame.At;
        }

        MediaFrame placed = frame with { At = frame.At + _shift.Value };
        _lastAt = placed.At > _lastAt ? placed.At : _lastAt;
        Volatile.Write(ref frame.Track == TrackKind.Video ? ref _lastVideo : ref _lastAudio, now);
        foreach (IFrameSink sink in _sinks)
        {
            sink.OnFrame(placed);
        }
    }

    private bool Recent(long stamp, int seconds) => stamp != 0 && time.GetElapsedTime(stamp) < TimeSpan.FromSeconds(seconds);

    private sealed class Hold(CaptureLoop loop, CaptureReason reason) : IDisposable
    {
        private int _given;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _given, 1) == 0)
            {
                loop.Close(reason);
            }
        }
    }
}
