using System.Threading.Channels;
using ThreeClassrooms.Agent.Capture;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Joining;

/// <summary>Drives <see cref="LessonAttendance"/>: one task takes events in turn and does what it says. Post… methods may be called from anywhere.</summary>
internal sealed partial class LessonLoop
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan ReportEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan CameraOpens = TimeSpan.FromSeconds(12);

    private readonly LessonSurroundings _around;
    private readonly LessonAttendance _attendance;
    private readonly MicrophoneGate _microphone;
    private readonly FloorMicrophone _floor;
    private readonly Action _refreshTimetable;
    private readonly Channel<Action> _events = Channel.CreateUnbounded<Action>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Dictionary<string, RunningStream> _watched = [];
    private readonly List<Task> _ending = [];
    private RunningStream? _published;
    private AttendanceStage _stage;
    private Guid? _lessonId;
    private TimeSpan _reportAt;
    private TimeSpan _muteToldAt;
    private TimeSpan? _checkSince;
    private bool _lessonShown;
    private CancellationToken _stop;
    private volatile bool _sends;
    private volatile bool _live;
    private volatile DeviceTimetable? _timetable;
    private long _opensInMs = -1;
    private bool _hasFloor;

    public LessonLoop(LessonSurroundings around, bool watches, Action refreshTimetable)
    {
        (_around, _refreshTimetable) = (around, refreshTimetable);
        _attendance = new LessonAttendance(around.Identity.Role, watches, () => around.Capture.Gives);
        _microphone = new MicrophoneGate(around.Identity.Role, around.MuteStore.Load(around.Identity.Role));
        _floor = new FloorMicrophone(around.FloorOpensMicrophone);
        _sends = !_microphone.Muted;
        around.Link.Chat += around.Playback.Notices.OnChat;
        around.Link.Snapshot += snapshot => Post(() => OnSnapshot(snapshot));
        around.Link.NotJoined += lesson => Post(() => Apply(_attendance.OnNotJoined(lesson, Now)));
        around.Link.Changed += up => Post(() => OnLink(up));
    }

    public DeviceTimetable? Timetable => _timetable;

    /// <summary>A lesson is near or on: reconnect in haste.</summary>
    public bool Urgent { get; private set; }

    /// <summary>Sound may leave the device. Read by the capture thread for each packet.</summary>
    public bool MicrophoneOpen => _sends;

    /// <summary>How long until the microphone opens because the room has the floor; null: it is not about to.</summary>
    public TimeSpan? MicrophoneOpensIn => Interlocked.Read(ref _opensInMs) is >= 0 and var left ? TimeSpan.FromMilliseconds(left) : null;

    /// <summary>A lesson goes on and this device attends it.</summary>
    public bool IsLive => _live;

    public ConnectionSight Sight { get; } = new();

    private DateTimeOffset Now => _around.Clock.Now;

    /// <summary>What only waits goes by this: the hub's time may be set.</summary>
    private TimeSpan Mono => MonoClock.Now(_around.Time).AsSpan();

    private DateTimeOffset Steady => DateTimeOffset.UnixEpoch + Mono;

    public void PostTimetable(DeviceTimetable timetable) => Post(() =>
    {
        _timetable = timetable;
        Apply(_attendance.OnTimetable(timetable, Now));
    });

    public async Task RunAsync(CancellationToken stop)
    {
        _stop = stop;
        Task ticks = TickAsync(stop);
        try
        {
            await foreach (Action action in _events.Reader.ReadAllAsync(stop))
            {
                action();
            }
        }
        catch (OperationCanceledException)
        {
            // The agent ends.
        }

        StopAll();
        _around.Held.Dispose();
        await Task.WhenAll(_ending.Append(ticks));
    }

    /// <summary>A person at the device mutes or un-mutes its microphone.</summary>
    /// <returns>True when it is as wanted now.</returns>
    public Task<bool> SetMutedAsync(bool muted, CancellationToken stop) => SetMutedAsync(muted, byFloor: false, stop);

    /// <summary>How the room stands in its lesson, for the page on a telephone.</summary>
    public Task<RoomStanding> StandAsync(CancellationToken stop)
    {
        var standing = new TaskCompletionSource<RoomStanding>(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() =>
        {
            SeatState? seat = _attendance.Snapshot?.Seats.FirstOrDefault(s => s.SeatId == _attendance.SeatId);
            bool joined = _attendance.Joined && _around.Link.IsUp;
            standing.SetResult(new RoomStanding(
                _attendance.Lesson, _live, joined, seat?.HandRaisedAt is not null, _hasFloor, _sends,
                joined && _hasFloor && _sends && _around.Capture.AudioFlows && _published?.Session.Statistics is not null));
        });
        return standing.Task.WaitAsync(TimeSpan.FromSeconds(5), stop);
    }

    /// <param name="byFloor">The floor does it and not a person: it is not remembered over a restart, for the floor is not either.</param>
    private async Task<bool> SetMutedAsync(bool muted, bool byFloor, CancellationToken stop)
    {
        var state = new TaskCompletionSource<(Guid Lesson, string Seat)?>(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() =>
        {
            if (!byFloor)
            {
                _floor.OnHand();
            }

            if (muted)
            {
                _microphone.OnMutedHere();
                RememberMute();
            }
            else
            {
                _microphone.OnUnmuteAsked();
            }

            state.SetResult(_attendance is { Joined: true, Lesson: { } lesson, SeatId: { } seat } && _around.Link.IsUp ? (lesson.LessonId, seat) : null);
        });
        bool told = await state.Task is not { } joined || await _around.Link.MuteAsync(joined.Lesson, joined.Seat, muted, stop) is { Refusal: null };
        if (!muted)
        {
            var open = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            Post(() =>
            {
                if (told)
                {
                    _microphone.OnUnmutedHere(Steady);
                    RememberMute(keep: !byFloor);
                }
                else
                {
                    _microphone.OnUnmuteRefused();
                }

                open.SetResult(!_microphone.Muted);
            });
            return await open.Task;
        }

        return true;
    }

    /// <summary>The microphone's key: closes what is open or about to open, and opens what is closed.</summary>
    public Task<bool> PressMicrophoneAsync(CancellationToken stop) => SetMutedAsync(MicrophoneOpen || MicrophoneOpensIn is not null, stop);

    public async Task<bool> RaiseHandAsync(bool raised, CancellationToken stop) =>
        _attendance.Lesson is { } lesson && await _around.Link.RaiseHandAsync(lesson.LessonId, raised, stop) is { Refusal: null };

    /// <summary>One line for <c>agent status</c>.</summary>
    public string Describe() =>
        $"stage={_attendance.Stage} lesson={_attendance.Lesson?.LessonId} seat={_attendance.SeatId} linked={_around.Link.IsUp} muted={!_sends} "
        + $"camera={_around.Capture.VideoFlows} sound={_around.Capture.AudioFlows} starts={_around.Capture.Starts}";

    private void Post(Action action) => _events.Writer.TryWrite(action);

    private async Task TickAsync(CancellationToken stop)
    {
        using var beat = new PeriodicTimer(Tick, _around.Time);
        try
        {
            while (await beat.WaitForNextTickAsync(stop))
            {
                Post(OnTick);
            }
        }
        catch (OperationCanceledException)
        {
            // The agent ends.
        }
    }

    private void OnTick()
    {
        Apply(_attendance.OnTime(Now));
        Urgent = _attendance.Stage is AttendanceStage.Preflight or AttendanceStage.Waiting or AttendanceStage.Live;
        CheckWhenReady();
        Follow(_floor.OnTime(_microphone.Muted, Mono));
        Interlocked.Exchange(ref _opensInMs, _floor.Left(Mono) is { } left ? (long)left.TotalMilliseconds : -1);
        if (Mono >= _reportAt)
        {
            _reportAt = Mono + ReportEvery;
            Report();
            Look();
        }

        _around.Evidence.Keep(_around.Recorded(), _around.Link.IsUp, Now);
    }

    private void Look() => Sight.Look(
        (_published is { } published ? _watched.Values.Append(published) : _watched.Values)
            .Select(r => new ConnectionNow((r == _published ? "out " : "in ") + r.Session.StreamId, r.Session.Down, r.Session.Statistics)),
        _around.Link.IsUp, _attendance.Lesson is not null);

    private void OnLink(bool up)
    {
        if (!up && _attendance.Joined)
        {
            _around.Evidence.CutOff(Now);
        }

        Apply(_attendance.OnLink(up, Now));
    }

    private void OnSnapshot(LessonSnapshot snapshot)
    {
        Apply(_attendance.OnSnapshot(snapshot, Now));
        if (_attendance.Snapshot is { } newest && newest.Seats.FirstOrDefault(s => s.SeatId == _attendance.SeatId) is { } seat)
        {
            bool wasMuted = _microphone.Muted;
            bool tell = _microphone.OnSeat(newest.LessonId, seat, Steady);
            if (_microphone.Muted != wasMuted)
            {
                RememberMute(keep: false); // what the hub closed is not carried into another lesson
            }

            _hasFloor = newest.FloorSeat == seat.SeatId && newest.Phase is (LessonPhase.Live or LessonPhase.Interrupted);
            Follow(_floor.OnFloor(_hasFloor, _microphone.Muted, Mono));
            if (tell && Mono >= _muteToldAt)
            {
                // The hub (restarted, perhaps) takes us for open: everybody should see that we are not.
                _muteToldAt = Mono + TimeSpan.FromSeconds(2);
                _ = _around.Link.MuteAsync(newest.LessonId, seat.SeatId, true, _stop);
            }
        }
    }

    private void Follow(FloorStep step)
    {
        if (step != FloorStep.None)
        {
            _around.Log.FloorDecided(step);
            _ = SetMutedAsync(step == FloorStep.Close, byFloor: true, _stop);
        }
    }

    private void RememberMute(bool keep = true)
    {
        _sends = !_microphone.Muted;
        if (keep)
        {
            _around.MuteStore.Save(_microphone.MutedHere);
        }

        _around.Log.MicrophoneChanged(_microphone.Muted);
    }

    private void Apply(IReadOnlyList<AttendanceStep> steps)
    {
        _around.Evidence.Attend(_attendance.Lesson?.LessonId, _attendance.SeatId, Now);
        _around.Held.Follow(_attendance.Captures(Now), _attendance.Records(Now));
        foreach (AttendanceStep step in steps)
        {
            Apply(step);
        }

        if (_attendance.Stage != _stage)
        {
            _stage = _attendance.Stage;
            _live = _stage == AttendanceStage.Live;
            if (_attendance.Lesson is null)
            {
                Sight.OnLessonOver();
                _around.Playback.Notices.OnLessonOver();
                _hasFloor = false;
                Follow(_floor.OnFloor(false, _microphone.Muted, Mono));
            }

            _lessonId = _attendance.Lesson?.LessonId ?? _lessonId;
            _around.Log.StageReached(_lessonId, _stage);
        }
    }

    private void Apply(AttendanceStep step)
    {
        switch (step)
        {
            case AttendanceStep.CheckReadiness: _checkSince ??= Mono; break;
            case AttendanceStep.Join join: _ = JoinAsync(join.LessonId); break;
            case AttendanceStep.Leave leave: _ = _around.Link.LeaveAsync(leave.LessonId, _stop); break;
            case AttendanceStep.StartPublishing start: _published = Publish(start.StreamId); break;
            case AttendanceStep.StopPublishing: End(_published); _published = null; break;
            case AttendanceStep.PublishAgain: _published?.Session.Again(); break;
            case AttendanceStep.StartWatching watch: Watch(watch.StreamId); break;
            case AttendanceStep.StopWatching stop: Unwatch(stop.StreamId); break;
            case AttendanceStep.ShowCard card: _around.Screen.ShowCard(card.Lesson); break;
            case AttendanceStep.ShowLesson show: ShowLesson(show.Lesson); break;
            case AttendanceStep.ShowIdle: _lessonShown = false; Arrange(); _around.Screen.ShowIdle(); break;
            case AttendanceStep.RefreshTimetable: _refreshTimetable(); break;
        }
    }

    private async Task JoinAsync(Guid lessonId)
    {
        CommandReply<JoinedLesson>? reply = await _around.Link.JoinAsync(lessonId, _stop);
        Post(() =>
        {
            if (reply?.Value is { } joined)
            {
                Sight.OnJoined();
                _around.Log.LessonJoined(lessonId, joined.SeatId);
                Apply(_attendance.OnJoined(joined, Now));
                OnSnapshot(joined.Snapshot);
                _around.Evidence.Joined(Now);
                _checkSince ??= Mono;
            }
            else
            {
                LessonRefusal refusal = reply?.Refusal ?? LessonRefusal.NotNow;
                Sight.OnRefused(refusal);
                _around.Log.JoinRefused(lessonId, refusal);
                Apply(_attendance.OnJoinRefused(refusal, Now));
            }
        });
    }

    /// <summary>The camera has only been opened for this lesson: it is given time before it is called missing.</summary>
    private void CheckWhenReady()
    {
        CaptureLoop capture = _around.Capture;
        bool flows = capture.VideoFlows && (capture.AudioFlows || !capture.Source.HasSound);
        if (_checkSince is { } since && (flows || !capture.HasSource || capture.PictureIsNotH264 || Mono - since > CameraOpens))
        {
            _checkSince = null;
            CheckReadiness();
        }
    }

    private void CheckReadiness()
    {
        if (_attendance.Lesson is { } lesson)
        {
            Readiness readiness = _around.Readiness.Check(_around.Link.IsUp);
            _around.Log.ReadinessChecked(readiness.Camera, readiness.Microphone, readiness.Screen, readiness.Disk, readiness.Network);
            _around.Evidence.Readiness(lesson.LessonId, _attendance.SeatId!, readiness);
            _ = _around.Link.ReportReadinessAsync(lesson.LessonId, readiness, _stop);
        }
    }
}
