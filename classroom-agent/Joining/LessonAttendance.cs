using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Joining;

/// <summary>
/// Decides, from the timetable, the clock and what the hub says, which lesson the device attends and what it publishes, watches and shows.
/// Pure: every call returns the steps to take; time is the hub's, as far as the device knows it. One owner.
/// </summary>
/// <param name="watches">The device shows or verifies streams.</param>
/// <param name="publishes">The device has something to send: pictures or sound have come of its source within the last seconds.</param>
internal sealed class LessonAttendance(DeviceRole role, bool watches, Func<bool> publishes)
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
    private DateTimeOffset _latest = DateTimeOffset.MinValue;

    public AttendanceStage Stage { get; private set; } = AttendanceStage.Idle;

    /// <summary>The lesson being attended; null when idle.</summary>
    public DeviceOccurrence? Lesson { get; private set; }

    /// <summary>The newest snapshot of <see cref="Lesson"/>; stays while the link is down.</summary>
    public LessonSnapshot? Snapshot => _snapshot;

    public string? SeatId => _seat ?? Lesson?.SeatId;

    public bool Joined => _joined;

    /// <summary>Camera and microphone are open: from the moment the room opens to the end of the lesson, and never else.</summary>
    public bool Captures(DateTimeOffset now) => Lesson is { } lesson && (Stage == AttendanceStage.Live || now < (_snapshot?.EndsAt ?? lesson.EndsAt));

    /// <summary>The lecturer's room keeps its lesson on its own disk, hub or no hub; a receiving room never keeps anything.</summary>
    public bool Records(DateTimeOffset now) => role == DeviceRole.Main && Stage is (AttendanceStage.Waiting or AttendanceStage.Live) && Captures(now);

    public IReadOnlyList<AttendanceStep> OnTimetable(DeviceTimetable timetable, DateTimeOffset now)
    {
        _timetable = timetable;
        // A stop may be taken back: what the hub calls live again is not over.
        _over.ExceptWith(timetable.Occurrences.Where(o => o.Phase is LessonPhase.Live or LessonPhase.Interrupted).Select(o => o.LessonId));
        if (Lesson is { } attended && timetable.Occurrences.FirstOrDefault(o => o.LessonId == attended.LessonId) is { } fresh)
        {
            // The bell may have been moved.
            Lesson = fresh;
        }

        return OnTime(now);
    }

    public IReadOnlyList<AttendanceStep> OnLink(bool up, DateTimeOffset now)
    {
        Follow(now);
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
        Follow(now);
        _joined = false;
        _joinAfter = now + RetryJoin;
        return refusal == LessonRefusal.UnknownLesson ? [new AttendanceStep.RefreshTimetable()] : [];
    }

    /// <summary>The hub answered a call as if this device had never joined: it has lost the connection from the lesson and is joined again.</summary>
    public IReadOnlyList<AttendanceStep> OnNotJoined(Guid lessonId, DateTimeOffset now)
    {
        Follow(now);
        if (lessonId != Lesson?.LessonId || !_joined || now < _joinAfter)
        {
            return [];
        }

        _joined = false;
        IReadOnlyList<AttendanceStep> steps = OnTime(now);
        _joinAfter = now + RetryJoin; // calls that were under way say the same
        return steps;
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
        Follow(now);
        _browserSeen = now;
        return OnTime(now);
    }

    public IReadOnlyList<AttendanceStep> OnTime(DateTimeOffset now)
    {
        Follow(now);
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
        role == DeviceRole.Main ? lesson.StartsAt - OpenBefore : lesson.StartsAt - JoinBefore;

    /// <summary>A clock that was set back takes the waits with it: none becomes longer than it was.</summary>
    private void Follow(DateTimeOffset now)
    {
        if (now < _latest)
        {
            TimeSpan back = _latest - now;
            _joinAfter = Back(_joinAfter);
            _browserSeen = Back(_browserSeen);
            _publishingSince = Back(_publishingSince);
            foreach (string streamId in _lastListed.Keys)
            {
                _lastListed[streamId] = Back(_lastListed[streamId]);
            }

            DateTimeOffset Back(DateTimeOffset moment) => moment - DateTimeOffset.MinValue > back ? moment - back : DateTimeOffset.MinValue;
        }

        _latest = now;
    }

    private void Choose(DateTimeOffset now, List<AttendanceStep> steps)
    {
        if (Lesson is not null && IsOver(now))
        {
            Finish(Lesson, steps);
        }
        else if (Lesson is not null && !_joined && _snapshot is null && Next(now)?.LessonId != Lesson.LessonId)
        {
            // Chosen by a clock or a timetable that has changed since.
            Drop(steps);
            Stage = AttendanceStage.Idle;
        }

        if (Lesson is null && Next(now) is { } next)
        {
            (Lesson, _snapshot, _joined, _seat) = (next, null, false, null);
            Stage = AttendanceStage.Preflight;
            steps.Add(new AttendanceStep.CheckReadiness(next));
        }
    }

    /// <summary>The earliest lesson that is near or on; one that is past its end and that the hub says nothing of waits behind it.</summary>
    private DeviceOccurrence? Next(DateTimeOffset now) => _timetable?.Occurrences
        .Where(o => !_over.Contains(o.LessonId) && !IsOver(o.Phase) && o.StartsAt - OpenBefore <= now && now < o.EndsAt + EndGrace)
        .OrderBy(o => now >= o.EndsAt && !(_linked && o.Phase is (LessonPhase.Live or LessonPhase.Interrupted))).ThenBy(o => o.StartsAt).FirstOrDefault();

    private static bool IsOver(LessonPhase phase) => phase is LessonPhase.Ended or LessonPhase.Judged or LessonPhase.Cancelled or LessonPhase.Missed;

    private bool IsOver(DateTimeOffset now)
    {
        if (_snapshot is { } snapshot)
        {
            return IsOver(snapshot.Phase) || (!_linked && now > EndOf(Lesson!, snapshot.EndsAt, now));
        }

        bool gone = _timetable?.Occurrences.All(o => o.LessonId != Lesson!.LessonId) == true && !_joined;
        return gone || IsOver(Lesson!.Phase) || now > Lesson.EndsAt + EndGrace;
    }

    /// <summary>Cut off, nobody says whether the lesson is longer: it may be, until the next one in this room is due.</summary>
    private DateTimeOffset EndOf(DeviceOccurrence lesson, DateTimeOffset planned, DateTimeOffset now)
    {
        DeviceOccurrence? next = _timetable?.Occurrences
            .Where(o => o.LessonId != lesson.LessonId && !_over.Contains(o.LessonId) && !IsOver(o.Phase) && o.StartsAt >= planned && now < o.EndsAt).MinBy(o => o.StartsAt);
        DateTimeOffset late = planned + EndGrace, due = next?.StartsAt - JoinBefore ?? late;
        return due < planned ? planned : due < late ? due : late;
    }

    private TimeSpan JoinBefore => _timetable?.JoinBefore ?? TimeSpan.FromMinutes(2);

    private void Finish(DeviceOccurrence lesson, List<AttendanceStep> steps)
    {
        StopStreams(steps);
        if (_joined && _linked)
        {
            steps.Add(new AttendanceStep.Leave(lesson.LessonId));
        }

        // Over by the clock alone it can come back: the clock may be wrong.
        if (_snapshot is { } snapshot && IsOver(snapshot.Phase))
        {
            _over.Add(lesson.LessonId);
        }

        Drop(steps);
        Stage = AttendanceStage.Done;
    }

    private void Drop(List<AttendanceStep> steps)
    {
        StopStreams(steps);
        steps.Add(new AttendanceStep.ShowIdle());
        (Lesson, _snapshot, _joined, _seat, _lessonShown) = (null, null, false, null, false);
        _joinAfter = DateTimeOffset.MinValue;
        _lastListed.Clear();
    }

    private void Advance(DeviceOccurrence lesson, DateTimeOffset now, List<AttendanceStep> steps)
    {
        AttendanceStage stage = _snapshot?.Phase switch
        {
            LessonPhase.Live or LessonPhase.Interrupted => AttendanceStage.Live,
            _ when now >= lesson.StartsAt - JoinBefore => AttendanceStage.Waiting,
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

        bool wanted = publishes() && now >= _browserSeen + BrowserGrace;
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
