using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Joining;

/// <summary>
/// Decides, from the timetable, the clock and what the hub says, which lesson the device attends and what it publishes, watches and shows.
/// Pure: every call returns the steps to take; time is the hub's, as far as the device knows it. One owner.
/// </summary>
/// <param name="watches">The device shows or verifies streams.</param>
/// <param name="publishes">The device has a capture source.</param>
internal sealed class LessonAttendance(DeviceRole role, bool watches, bool publishes)
{
    /// <summary>A stream that vanished is watched on for this long: its publisher is most likely coming back.</summary>
    private static readonly TimeSpan WatchGrace = TimeSpan.FromSeconds(10);

    /// <summary>After the browser has stopped being the lecturer's camera the device waits this long before it takes over: pages get reloaded.</summary>
    private static readonly TimeSpan BrowserGrace = TimeSpan.FromSeconds(5);

    /// <summary>The hub lists a published stream within this time, or it is published again.</summary>
    private static readonly TimeSpan ListedWithin = TimeSpan.FromSeconds(5);

    /// <summary>Without a word from the hub a lesson is taken for over this long after its planned end.</summary>
    private static readonly TimeSpan EndGrace = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan RetryJoin = TimeSpan.FromSeconds(2);

    private readonly HashSet<Guid> _over = [];
    private readonly Dictionary<string, DateTimeOffset> _lastListed = [];
    private readonly HashSet<string> _watching = [];
    private DeviceTimetable? _timetable;
    private LessonSnapshot? _snapshot;
    private string? _publishing;
    private DateTimeOffset _publishingSince;
    private DateTimeOffset _browserSeen = DateTimeOffset.MinValue;
    private DateTimeOffset _joinAfter = DateTimeOffset.MinValue;
    private bool _linked;
    private bool _joined;
    private bool _lessonShown;
    private string? _seat;

    public AttendanceStage Stage { get; private set; } = AttendanceStage.Idle;

    /// <summary>The lesson being attended; null when idle.</summary>
    public DeviceOccurrence? Lesson { get; private set; }

    /// <summary>The newest snapshot of <see cref="Lesson"/>; stays while the link is down.</summary>
    public LessonSnapshot? Snapshot => _snapshot;

    public string? SeatId => _seat ?? Lesson?.SeatId;

    public bool Joined => _joined;

    public IReadOnlyList<AttendanceStep> OnTimetable(DeviceTimetable timetable, DateTimeOffset now)
    {
        _timetable = timetable;
        if (Lesson is { } attended && timetable.Occurrences.FirstOrDefault(o => o.LessonId == attended.LessonId) is { } fresh)
        {
            // The bell may have been moved.
            Lesson = fresh;
        }

        return OnTime(now);
    }

    public IReadOnlyList<AttendanceStep> OnLink(bool up, DateTimeOffset now)
    {
        _linked = up;
        _joined = false;
        _joinAfter = DateTimeOffset.MinValue;
        return OnTime(now);
    }

    public IReadOnlyList<AttendanceStep> OnJoined(JoinedLesson joined, DateTimeOffset now)
    {
        if (joined.Snapshot.LessonId != Lesson?.LessonId)
        {
            return [];
        }

        _seat = joined.SeatId;
        // A hub that restarted counts its versions anew: the snapshot of a join is always the truth.
        _snapshot = joined.Snapshot;
        return OnTime(now);
    }

    public IReadOnlyList<AttendanceStep> OnJoinRefused(LessonRefusal refusal, DateTimeOffset now)
    {
        _joined = false;
        _joinAfter = now + RetryJoin;
        return refusal == LessonRefusal.UnknownLesson ? [new AttendanceStep.RefreshTimetable()] : [];
    }

    public IReadOnlyList<AttendanceStep> OnSnapshot(LessonSnapshot snapshot, DateTimeOffset now)
    {
        if (snapshot.LessonId != Lesson?.LessonId || (_snapshot is { } old && snapshot.Version <= old.Version))
        {
            return [];
        }

        _snapshot = snapshot;
        return OnTime(now);
    }

    /// <summary>Somebody else took over our stream (the hub closed the connection): wait for the hub to say who it is.</summary>
    public IReadOnlyList<AttendanceStep> OnPublishTakenOver(DateTimeOffset now)
    {
        _browserSeen = now;
        return OnTime(now);
    }

    public IReadOnlyList<AttendanceStep> OnTime(DateTimeOffset now)
    {
        List<AttendanceStep> steps = [];
        Choose(now, steps);
        if (Lesson is { } lesson)
        {
            if (_linked && !_joined && now >= _joinAfter && now >= JoinAt(lesson))
            {
                _joined = true;
                steps.Add(new AttendanceStep.Join(lesson.LessonId));
            }

            Advance(lesson, now, steps);
        }

        return steps;
    }

    private TimeSpan OpenBefore => _timetable?.OpenBefore ?? TimeSpan.FromMinutes(10);

    /// <summary>A receiving room joins shortly before the bell; the main room's picture is wanted as soon as the room opens, to be looked at.</summary>
    private DateTimeOffset JoinAt(DeviceOccurrence lesson) =>
        role == DeviceRole.Main ? lesson.StartsAt - OpenBefore : lesson.StartsAt - (_timetable?.JoinBefore ?? TimeSpan.FromMinutes(2));

    private void Choose(DateTimeOffset now, List<AttendanceStep> steps)
    {
        if (Lesson is not null && IsOver(now))
        {
            Finish(Lesson, steps);
        }

        if (Lesson is null && Next(now) is { } next)
        {
            (Lesson, _snapshot, _joined, _seat) = (next, null, false, null);
            Stage = AttendanceStage.Preflight;
            steps.Add(new AttendanceStep.CheckReadiness(next));
        }
    }

    private DeviceOccurrence? Next(DateTimeOffset now) => _timetable?.Occurrences
        .Where(o => !_over.Contains(o.LessonId) && !IsOver(o.Phase) && o.StartsAt - OpenBefore <= now && now < o.EndsAt + EndGrace)
        .MinBy(o => o.StartsAt);

    private static bool IsOver(LessonPhase phase) => phase is LessonPhase.Ended or LessonPhase.Judged or LessonPhase.Cancelled or LessonPhase.Missed;

    private bool IsOver(DateTimeOffset now)
    {
        if (_snapshot is { } snapshot)
        {
            return IsOver(snapshot.Phase) || (!_linked && now > snapshot.EndsAt + EndGrace);
        }

        bool gone = _timetable?.Occurrences.All(o => o.LessonId != Lesson!.LessonId) == true && !_joined;
        return gone || IsOver(Lesson!.Phase) || now > Lesson.EndsAt + EndGrace;
    }

    private void Finish(DeviceOccurrence lesson, List<AttendanceStep> steps)
    {
        StopStreams(steps);
        if (_joined && _linked)
        {
            steps.Add(new AttendanceStep.Leave(lesson.LessonId));
        }

        steps.Add(new AttendanceStep.ShowIdle());
        _over.Add(lesson.LessonId);
        (Lesson, _snapshot, _joined, _seat, _lessonShown) = (null, null, false, null, false);
        Stage = AttendanceStage.Done;
        _lastListed.Clear();
    }

    private void Advance(DeviceOccurrence lesson, DateTimeOffset now, List<AttendanceStep> steps)
    {
        AttendanceStage stage = _snapshot?.Phase switch
        {
            LessonPhase.Live or LessonPhase.Interrupted => AttendanceStage.Live,
            _ when now >= lesson.StartsAt - (_timetable?.JoinBefore ?? TimeSpan.Zero) => AttendanceStage.Waiting,
            _ => AttendanceStage.Preflight,
        };
        if (stage != Stage)
        {
            Stage = stage;
            if (stage == AttendanceStage.Waiting)
            {
                steps.Add(new AttendanceStep.ShowCard(lesson));
            }
        }

        if (stage == AttendanceStage.Live && !_lessonShown)
        {
            _lessonShown = true;
            steps.Add(new AttendanceStep.ShowLesson(lesson));
        }

        if (_snapshot is { Phase: LessonPhase.Ready or LessonPhase.Live or LessonPhase.Interrupted } open)
        {
            DecidePublishing(open, now, steps);
            DecideWatching(open, now, steps);
        }
        else
        {
            StopStreams(steps);
        }
    }

    private void DecidePublishing(LessonSnapshot open, DateTimeOffset now, List<AttendanceStep> steps)
    {
        string seat = SeatId!;
        string own = StreamIds.Of(seat, StreamKind.Camera);
        StreamState? listed = open.Seats.FirstOrDefault(s => s.SeatId == seat)?.Streams.FirstOrDefault(s => s.StreamId == own);
        if (role == DeviceRole.Main && listed?.Source == StreamSource.Browser)
        {
            _browserSeen = now;
        }

        bool wanted = publishes && now >= _browserSeen + BrowserGrace;
        if (wanted && _publishing is null)
        {
            (_publishing, _publishingSince) = (own, now);
            steps.Add(new AttendanceStep.StartPublishing(own));
        }
        else if (!wanted && _publishing is not null)
        {
            steps.Add(new AttendanceStep.StopPublishing(_publishing));
            _publishing = null;
        }
        else if (wanted && listed is not null)
        {
            _publishingSince = now;
        }
        else if (wanted && _linked && _joined && now >= _publishingSince + ListedWithin)
        {
            _publishingSince = now;
            steps.Add(new AttendanceStep.PublishAgain(own));
        }
    }

    private void DecideWatching(LessonSnapshot open, DateTimeOffset now, List<AttendanceStep> steps)
    {
        HashSet<string> wanted = watches ? [.. Wanted(open)] : [];
        foreach (string streamId in wanted.Where(_watching.Add).Order(StringComparer.Ordinal))
        {
            steps.Add(new AttendanceStep.StartWatching(streamId));
        }

        foreach (string streamId in wanted)
        {
            _lastListed[streamId] = now;
        }

        // A floor that was taken back is left at once; a stream that merely vanished is given time.
        foreach (string streamId in _watching.Except(wanted).ToArray())
        {
            bool given = StreamIds.SeatOf(streamId) == HostSeat(open)?.SeatId && now < _lastListed[streamId] + WatchGrace;
            if (!given)
            {
                _watching.Remove(streamId);
                steps.Add(new AttendanceStep.StopWatching(streamId));
            }
        }
    }

    private IEnumerable<string> Wanted(LessonSnapshot open)
    {
        IEnumerable<StreamState> streams = role == DeviceRole.Main ? [] : HostSeat(open)?.Streams ?? [];
        if (open.FloorSeat is { } floor && floor != SeatId)
        {
            streams = streams.Concat(open.Seats.FirstOrDefault(s => s.SeatId == floor)?.Streams.Where(s => s.Kind == StreamKind.Camera) ?? []);
        }

        return streams.Select(s => s.StreamId);
    }

    private static SeatState? HostSeat(LessonSnapshot open) => open.Seats.FirstOrDefault(s => s.Role == SeatRole.Host);

    private void StopStreams(List<AttendanceStep> steps)
    {
        if (_publishing is not null)
        {
            steps.Add(new AttendanceStep.StopPublishing(_publishing));
            _publishing = null;
        }

        steps.AddRange(_watching.Order(StringComparer.Ordinal).Select(s => new AttendanceStep.StopWatching(s)));
        _watching.Clear();
    }
}
