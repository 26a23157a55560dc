using ThreeClassrooms.Media.Forwarding;
using ThreeClassrooms.Media.Rtcp;
using ThreeClassrooms.Media.Rtp;
using ThreeClassrooms.Media.Sdp;

namespace ThreeClassrooms.Hub.Streams.Loops;

/// <summary>Where recorded streams go: the boundary to the files.</summary>
internal interface IStreamRecorder
{
    /// <summary>Begins or continues the recording of a stream. Returns at once.</summary>
    IRecordingTap Begin(StreamKey key);
}

/// <summary>Takes one recorded stream's packets. Called on the loop: copies and returns at once. Disposing ends the recording.</summary>
internal interface IRecordingTap : IDisposable
{
    /// <summary>A publisher begins; the packets that follow are its own.</summary>
    void OnPublisher(StreamDescription description);

    /// <summary>H.264: parameter sets that came before the packets that follow.</summary>
    void OnParameterSets(IReadOnlyList<byte[]> units);

    /// <summary>The publisher's clock for one of its tracks, as its last sender report told it.</summary>
    void OnClock(MediaKind kind, NtpTime ntp, RtpTime timestamp);

    /// <param name="payload">Valid during the call only.</param>
    void OnPacket(MediaKind kind, in StoredPacket packet, ReadOnlySpan<byte> payload);
}

/// <summary>Reads a published stream's histories for its recording, as a watcher would. Belongs to the loop.</summary>
internal sealed class RecordingCursor(IRecordingTap tap) : IDisposable
{
    private PublishedStream? _stream;
    private PublishedTrack? _video;
    private long _videoAt;
    private long _audioAt;
    private ulong _videoClock;
    private ulong _audioClock;
    private bool _hears;

    /// <param name="hears">False: the sound is left out.</param>
    public void Attach(PublishedStream stream, bool hears)
    {
        if (_hears != hears)
        {
            _audioAt = stream.Audio?.History.Arrivals ?? 0;
            _hears = hears;
        }

        if (ReferenceEquals(_stream, stream))
        {
            return;
        }

        _stream = stream;
        _audioAt = stream.Audio?.History.Arrivals ?? 0;
        _video = stream.Layers.Count == 0 ? null : stream.Layers[^1];
        foreach (PublishedTrack layer in stream.Layers)
        {
            _video = layer.BitRate > _video!.BitRate ? layer : _video;
        }

        if (_video is not null)
        {
            _videoAt = _video.History.KeyFrameArrival ?? _video.History.Arrivals;
            _video.AskKeyFrame();
        }

        tap.OnPublisher(stream.Description);
        if (_video?.Sets is { Units.Count: > 0 } sets)
        {
            tap.OnParameterSets(sets.Units);
        }
    }

    public void Pump()
    {
        if (_stream is null)
        {
            return;
        }

        if (_hears && _stream.Audio is { } audio)
        {
            Copy(audio, ref _audioAt, ref _audioClock);
        }

        if (_video is { } video)
        {
            Copy(video, ref _videoAt, ref _videoClock);
        }
    }

    public void Dispose()
    {
        Pump();
        tap.Dispose();
    }

    private void Copy(PublishedTrack track, ref long at, ref ulong clock)
    {
        if (track.Clock.Known && track.Clock.Ntp != clock)
        {
            clock = track.Clock.Ntp;
            tap.OnClock(track.Kind, new NtpTime(clock), new RtpTime(track.Clock.Timestamp));
        }

        at = Math.Max(at, track.History.Oldest);
        while (track.History.TryGetArrival(at, out StoredPacket packet, out ReadOnlySpan<byte> payload))
        {
            tap.OnPacket(track.Kind, packet, payload);
            at++;
        }
    }
}
