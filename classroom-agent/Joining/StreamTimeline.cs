using ThreeClassrooms.Agent.Capture;
using ThreeClassrooms.Media.Rtcp;
using ThreeClassrooms.Media.Rtp;

namespace ThreeClassrooms.Agent.Joining;

/// <summary>
/// Places the frames of a watched stream's two tracks on one timeline near the time they arrived: sender reports bind the tracks together (lip
/// sync), the fastest arrivals bind both to the device's clock. Frames of the burst a newcomer is given (everything since the last key frame, at once)
/// are drawn together in front of the live edge, so that playing begins live instead of a group of pictures behind. Pure; one owner.
/// </summary>
internal sealed class StreamTimeline
{
    private const int BucketSeconds = 10;
    private static readonly TimeSpan Slew = TimeSpan.FromMilliseconds(1);
    private readonly Track _video = new(90_000);
    private readonly Track _audio = new(48_000);
    private NtpTime? _origin;
    private Floor? _shared;

    /// <param name="ntp">The sender's wall clock at <paramref name="timestamp"/>.</param>
    public void OnSenderReport(TrackKind track, NtpTime ntp, RtpTime timestamp)
    {
        _origin ??= ntp;
        Track reported = Of(track);
        reported.Shift = ntp.Since(_origin.Value) - reported.Media(timestamp);
        if (_shared is null && _video.Shift is { } shift && _audio.Shift is not null)
        {
            // The picture stays where it is; the sound moves to it.
            _shared = _video.Arrivals is { } own ? own.ShiftedBy(-shift) : new Floor();
        }
    }

    /// <param name="arrived">Monotonic, of the frame's last packet.</param>
    /// <returns>Ascending within a track by at least 1 ms.</returns>
    public TimeSpan Place(TrackKind track, RtpTime timestamp, TimeSpan arrived)
    {
        Track placed = Of(track);
        TimeSpan media = placed.Media(timestamp);
        Floor floor;
        if (_shared is not null && placed.Shift is { } shift)
        {
            (media, floor) = (media + shift, _shared);
        }
        else
        {
            floor = placed.Arrivals ??= new Floor();
        }

        TimeSpan at = media + floor.OnArrival(arrived - media, arrived);
        placed.Last = placed.Last is { } last && at <= last ? last + Slew : at;
        return placed.Last.Value;
    }

    private Track Of(TrackKind track) => track == TrackKind.Video ? _video : _audio;

    private sealed class Track(int clockRate)
    {
        private RtpTime? _newest;
        private long _units;

        /// <summary>Arrival against media time while the tracks are not bound together.</summary>
        public Floor? Arrivals { get; set; }

        /// <summary>From the track's own media time to the common one; null before a sender report.</summary>
        public TimeSpan? Shift { get; set; }

        public TimeSpan? Last { get; set; }

        /// <summary>The track's media time, unwrapped; zero at the first stamp seen.</summary>
        public TimeSpan Media(RtpTime timestamp)
        {
            int step = timestamp.DistanceFrom(_newest ?? timestamp);
            long units = _units + step;
            if (step > 0 || _newest is null)
            {
                (_newest, _units) = (timestamp, units);
            }

            return TimeSpan.FromTicks(units * TimeSpan.TicksPerSecond / clockRate);
        }
    }

    /// <summary>The smallest arrival offset of the last 10 to 20 s; rises by at most 1 ms a frame, falls at once.</summary>
    private sealed class Floor
    {
        private TimeSpan _current = TimeSpan.MaxValue;
        private TimeSpan _previous = TimeSpan.MaxValue;
        private TimeSpan _used = TimeSpan.MaxValue;
        private TimeSpan _bucketEnd = TimeSpan.MinValue;

        public Floor ShiftedBy(TimeSpan shift) => new()
        {
            _current = Moved(_current, shift),
            _previous = Moved(_previous, shift),
            _used = Moved(_used, shift),
            _bucketEnd = _bucketEnd,
        };

        public TimeSpan OnArrival(TimeSpan offset, TimeSpan now)
        {
            if (now >= _bucketEnd)
            {
                (_previous, _current, _bucketEnd) = (_current, TimeSpan.MaxValue, now + TimeSpan.FromSeconds(BucketSeconds));
            }

            _current = offset < _current ? offset : _current;
            TimeSpan smallest = _current < _previous ? _current : _previous;
            return _used = smallest <= _used || smallest - _used < Slew ? smallest : _used + Slew;
        }

        private static TimeSpan Moved(TimeSpan value, TimeSpan by) => value == TimeSpan.MaxValue ? value : value + by;
    }
}
