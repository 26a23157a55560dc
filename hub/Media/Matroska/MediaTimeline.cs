using ThreeClassrooms.Media.Rtcp;
using ThreeClassrooms.Media.Rtp;
using ThreeClassrooms.Media.Time;

namespace ThreeClassrooms.Media.Matroska;

/// <summary>
/// Places the frames of a publisher's sound and picture on one timeline that begins at zero and goes on through gaps and publisher restarts.
/// A track is anchored by the arrival of its first frame and then follows its RTP clock; once both tracks have sender reports, the picture is
/// moved to where the sender's clock puts it beside the sound (lip sync). One owner; no allocation.
/// </summary>
/// <param name="start">When time zero was.</param>
/// <param name="videoRate">Hertz of the video timestamps.</param>
/// <param name="audioRate">Hertz of the audio timestamps.</param>
public sealed class MediaTimeline(MonoTime start, int videoRate = 90_000, int audioRate = 48_000)
{
    // An RTP clock that is further from the arrivals than this is a new timeline (a restart, or a gap in capture), not jitter.
    private static readonly TimeSpan MaxDrift = TimeSpan.FromSeconds(2);

    private readonly Track _video = new(videoRate);
    private readonly Track _audio = new(audioRate);

    /// <summary>The publisher was replaced: both tracks anchor anew with their next frames.</summary>
    public void OnRestart()
    {
        _video.Forget();
        _audio.Forget();
    }

    /// <summary>The picture has another source or other timestamps: it anchors anew with its next frame.</summary>
    public void OnVideoRestart() => _video.Forget();

    /// <summary>As <see cref="OnVideoRestart"/>, for the sound.</summary>
    public void OnAudioRestart() => _audio.Forget();

    public void OnVideoReport(NtpTime ntp, RtpTime timestamp)
    {
        _video.OnReport(ntp, timestamp);
        Align();
    }

    public void OnAudioReport(NtpTime ntp, RtpTime timestamp)
    {
        _audio.OnReport(ntp, timestamp);
        Align();
    }

    /// <summary>Where a picture belongs. Not negative; may be before the last one by the reordering of layers, never by more than a correction.</summary>
    public TimeSpan PlaceVideo(RtpTime timestamp, MonoTime arrived)
    {
        TimeSpan at = Place(_video, timestamp, arrived, out bool anchored);
        if (!anchored)
        {
            return at;
        }

        Align();
        return Place(_video, timestamp, arrived, out _);
    }

    /// <summary>Where a sound packet belongs. Not negative.</summary>
    public TimeSpan PlaceAudio(RtpTime timestamp, MonoTime arrived) => Place(_audio, timestamp, arrived, out _);

    private TimeSpan Place(Track track, RtpTime timestamp, MonoTime arrived, out bool anchored)
    {
        TimeSpan arrival = arrived - start;
        arrival = arrival < TimeSpan.Zero ? TimeSpan.Zero : arrival;
        anchored = !track.IsAnchored || (track.Place(timestamp) - arrival).Duration() > MaxDrift;
        if (anchored)
        {
            track.Anchor(timestamp, arrival);
        }

        TimeSpan at = track.Place(timestamp);
        return at < TimeSpan.Zero ? TimeSpan.Zero : at;
    }

    private void Align()
    {
        if (!_video.IsAnchored || !_audio.IsAnchored || _video.Report is not { } video || _audio.Report is not { } audio)
        {
            return;
        }

        TimeSpan wanted = _audio.Place(audio.Timestamp) + video.Ntp.Since(audio.Ntp);
        TimeSpan error = wanted - _video.Place(video.Timestamp);
        if (error.Duration() < MaxDrift)
        {
            _video.Anchor(video.Timestamp, wanted);
        }
    }

    private sealed class Track(int rate)
    {
        private RtpTime _base;
        private TimeSpan _baseAt;

        public bool IsAnchored { get; private set; }

        public (NtpTime Ntp, RtpTime Timestamp)? Report { get; private set; }

        public void Forget() => (IsAnchored, Report) = (false, null);

        public void OnReport(NtpTime ntp, RtpTime timestamp) => Report = (ntp, timestamp);

        public void Anchor(RtpTime timestamp, TimeSpan at) => (IsAnchored, _base, _baseAt) = (true, timestamp, at);

        /// <summary>Moves the base along, so that a lesson longer than half the timestamp's range (6 h of video) keeps its place.</summary>
        public TimeSpan Place(RtpTime timestamp)
        {
            int distance = timestamp.DistanceFrom(_base);
            TimeSpan at = _baseAt + TimeSpan.FromTicks(distance * TimeSpan.TicksPerSecond / rate);
            if (distance > rate * 3600L)
            {
                Anchor(timestamp, at);
            }

            return at;
        }
    }
}
