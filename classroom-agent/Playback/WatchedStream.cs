using System.Text.Json;
using ThreeClassrooms.Agent.Capture;
using ThreeClassrooms.Agent.Joining;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Playback;

/// <summary>One stream the device watches: its frames go to the verifier and, while the lesson is shown, to a player. Methods may be called from anywhere.</summary>
internal sealed class WatchedStream : IWatchSink, IDisposable
{
    private readonly string _streamId;
    private readonly PlaybackSetting _setting;
    private readonly FramePipe _verified = new();
    private readonly FramePipe _shown = new();
    private readonly ReceptionMeter _report;
    private readonly ReceptionMeter _second;
    private readonly VerifierLoop _verifier;
    private readonly Lock _gate = new();
    private CancellationTokenSource? _playerStop;
    private Task _player = Task.CompletedTask;
    private ScreenPlace? _place;
    private TimeSpan? _answeredAt;
    private double? _firstPictureMs;
    private DateTimeOffset _reportedTo;
    private (long Packets, long Lost) _reported;

    public WatchedStream(string streamId, PlaybackSetting setting)
    {
        (_streamId, _setting) = (streamId, setting);
        _reportedTo = setting.HubNow();
        (_report, _second) = (new ReceptionMeter(Now), new ReceptionMeter(Now));
        string sockets = Directory.CreateDirectory(Path.Combine(setting.Sockets, Guid.NewGuid().ToString("N")[..8])).FullName;
        _verifier = new VerifierLoop(setting.Ffmpeg, sockets, _verified, [_report, _second], setting.Time, setting.Log);
    }

    /// <summary>Set by who connects the stream; asked for loss and round trip.</summary>
    public Func<PeerStatistics?> Statistics { get; set; } = () => null;

    /// <summary>Gets each second's figures; null: nobody wants them.</summary>
    public Action<MeterReading>? OnSecond { get; init; }

    private TimeSpan Now => TimeSpan.FromSeconds((double)_setting.Time.GetTimestamp() / _setting.Time.TimestampFrequency);

    /// <summary>The hub has answered the first or a later WHEP offer: the first picture is counted from the first one.</summary>
    public void OnAnswer() => _answeredAt ??= Now;

    public bool WantsKeyFrame => _verified.WantsKeyFrame || _shown.WantsKeyFrame;

    public void OnFormat(VideoFormat video, bool hasAudio)
    {
        _verified.OnFormat(video, hasAudio);
        _shown.OnFormat(video, hasAudio);
    }

    public void OnFrame(MediaFrame frame)
    {
        _verified.OnFrame(frame);
        _shown.OnFrame(frame);
    }

    /// <summary>Shows the stream at a place of the screen, moves it there, or (null) takes it off.</summary>
    public void Show(ScreenPlace? place)
    {
        lock (_gate)
        {
            if (place == _place)
            {
                return;
            }

            _place = place;
            _playerStop?.Cancel();
            _playerStop?.Dispose();
            _playerStop = null;
            if (place is { } where)
            {
                _playerStop = new CancellationTokenSource();
                var loop = new PlayerLoop(_setting, where, _shown);
                CancellationToken stop = _playerStop.Token;
                _player = _player.ContinueWith(_ => loop.RunAsync(stop), TaskScheduler.Default).Unwrap();
            }
        }
    }

    /// <summary>Runs the verifier, and the per-second figures when they are wanted, until told to stop; then takes the stream off the screen.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        await Task.WhenAll(_verifier.RunAsync(stop), SecondsAsync(stop));
        Show(null);
        await _player;
    }

    public void Dispose() => Show(null);

    /// <summary>What was received since the last report.</summary>
    public ReceptionReport Report()
    {
        DateTimeOffset to = _setting.HubNow();
        MeterReading reading = _verifier.Locked(() => _report.Read(Now));
        PeerStatistics? statistics = Statistics();
        (DateTimeOffset from, _reportedTo) = (_reportedTo < to ? _reportedTo : to, to);
        double loss = statistics is null ? 100 : Loss(statistics, ref _reported);
        return new ReceptionReport(
            _streamId, from, to, Math.Round(reading.FramesPerSecond, 2), reading.FreezeMs, reading.Black, Math.Round(reading.SoundDb, 1), Math.Round(loss, 2),
            statistics?.RoundTrip?.TotalMilliseconds, FirstPictureMs());
    }

    private double? FirstPictureMs()
    {
        if (_firstPictureMs is null && _answeredAt is { } answered && _verifier.Locked(() => _second.FirstPicture) is { } first)
        {
            _firstPictureMs = Math.Round((first - answered).TotalMilliseconds, 1);
            _setting.Log.FirstPicture(_streamId, _firstPictureMs.Value);
        }

        return _firstPictureMs;
    }

    private async Task SecondsAsync(CancellationToken stop)
    {
        (long, long) counted = (0, 0);
        using var beat = new PeriodicTimer(TimeSpan.FromSeconds(1), _setting.Time);
        while (await NextAsync(beat, stop))
        {
            MeterReading reading = _verifier.Locked(() => _second.Read(Now));
            PeerStatistics? statistics = Statistics();
            double? loss = statistics is null ? null : Loss(statistics, ref counted);
            double? firstPictureMs = FirstPictureMs();
            OnSecond?.Invoke(reading);
            if (_setting.Stats is { } stats)
            {
                stats.Append(JsonSerializer.Serialize(
                    new StatsLine(
                        _setting.Time.GetUtcNow(), _streamId, Math.Round(reading.FramesPerSecond, 2), reading.Frames, reading.DelayMs, reading.LipSkewMs,
                        Math.Round(reading.SoundDb, 1), reading.FreezeMs, reading.Black, firstPictureMs, loss, statistics?.RoundTrip?.TotalMilliseconds,
                        statistics?.Packets, statistics?.Recovered, statistics?.OverTcp),
                    Wire.Json));
            }
        }
    }

    private static async Task<bool> NextAsync(PeriodicTimer beat, CancellationToken stop)
    {
        try
        {
            return await beat.WaitForNextTickAsync(stop);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static double Loss(PeerStatistics now, ref (long Packets, long Lost) before)
    {
        // A new connection counts from zero.
        long packets = now.Packets >= before.Packets ? now.Packets - before.Packets : now.Packets;
        long lost = now.Lost >= before.Lost ? now.Lost - before.Lost : now.Lost;
        before = (now.Packets, now.Lost);
        return packets + lost == 0 ? 0 : 100.0 * lost / (packets + lost);
    }
}
