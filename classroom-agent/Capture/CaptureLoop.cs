using System.Buffers;
using Microsoft.Extensions.Logging;
using ThreeClassrooms.Agent.Children;

namespace ThreeClassrooms.Agent.Capture;

/// <summary>
/// Runs the capturing FFmpeg and gives its frames to the sinks. Frames carry the agent's monotonic clock, so a restarted FFmpeg
/// goes on in the same timeline. Sinks may be added and removed from anywhere.
/// </summary>
/// <param name="meter">Hears the captured sound; null: nobody measures it.</param>
internal sealed class CaptureLoop(SourceSpec source, CaptureOptions options, TimeProvider time, ILogger log, SoundMeter? meter = null)
{
    /// <summary>A source that gives no picture for this long is started anew: FFmpeg may hang on a dead network camera.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(8);

    private readonly Lock _gate = new();
    private IFrameSink[] _sinks = [];
    private TimeSpan? _shift;
    private TimeSpan _lastAt;
    private long _lastVideo;
    private long _lastAudio;

    public bool HasSource => source.Kind != SourceKind.None;

    /// <summary>A picture came within the last 2 s.</summary>
    public bool VideoFlows => Recent(Volatile.Read(ref _lastVideo));

    /// <summary>Sound came within the last 2 s.</summary>
    public bool AudioFlows => Recent(Volatile.Read(ref _lastAudio));

    /// <summary>How often FFmpeg was started.</summary>
    public int Starts { get; private set; }

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

    public async Task RunAsync(CancellationToken stop)
    {
        if (!HasSource)
        {
            return;
        }

        IReadOnlyList<string> arguments = FfmpegCapture.Arguments(source, options);
        await new ChildLoop("capture", () => ChildProcess.StartAsync("capture", options.Ffmpeg, arguments, log), ServeAsync, time, log).RunAsync(stop);
    }

    private async Task ServeAsync(ChildProcess child, CancellationToken stop)
    {
        Starts++;
        _shift = null;
        meter?.OnBreak();
        var reader = new TransportStreamReader(OnFrame, meter is null ? null : data => meter.OnSamples(data));
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

    private void OnFrame(MediaFrame frame)
    {
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

    private bool Recent(long stamp) => stamp != 0 && time.GetElapsedTime(stamp) < TimeSpan.FromSeconds(2);
}
