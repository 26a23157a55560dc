using System.Threading.Channels;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Credit.Judging;
using ThreeClassrooms.Hub.Timetable;

namespace ThreeClassrooms.Hub.Lessons;

/// <summary>
/// One lesson's own line of work: pieces run in turn, and a lesson never waits for another's. What the machine decides is written down beside the line
/// (<see cref="FactWriter"/>); only what is stored is acted upon, shown or answered. Everything but <see cref="Post"/> is for work on the line itself.
/// </summary>
internal sealed class LessonLine
{
    private static readonly TimeSpan RefreshEvery = TimeSpan.FromSeconds(3); // "who sees me" fades without any event
    private static readonly TimeSpan RejudgeAfter = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FarAhead = TimeSpan.FromMinutes(1);

    private readonly Channel<Func<Task>> _work = Channel.CreateUnbounded<Func<Task>>();
    private readonly LessonTools _tools;
    private readonly Func<LessonLine, bool> _leave;
    private readonly CancellationToken _stop;
    private FactWriter? _writer;
    private bool _judging;
    private int _tickQueued;

    /// <param name="leave">Takes the line out of the hub; false: new work came, go on.</param>
    public LessonLine(Guid id, LessonTools tools, Func<LessonLine, bool> leave, CancellationToken stop)
    {
        (Id, _tools, _leave, _stop) = (id, tools, leave, stop);
        Run = Task.Run(RunAsync, CancellationToken.None);
    }

    public Guid Id { get; }

    /// <summary>The lesson in memory; null before <see cref="LoadAsync"/> and when there is none by this id.</summary>
    public LiveLesson? Lesson { get; private set; }

    /// <summary>Ends when the line has left the hub.</summary>
    public Task Run { get; }

    public bool IsIdle => _work.Reader.Count == 0;

    /// <summary>Adds a piece of work. From anywhere.</summary>
    public void Post(Func<Task> work) => _work.Writer.TryWrite(work);

    /// <summary>Adds a look at the clock unless one is waiting already. From anywhere.</summary>
    public void PostTick()
    {
        if (Interlocked.Exchange(ref _tickQueued, 1) == 0)
        {
            Post(TickAsync);
        }
    }

    /// <summary>Finishes what is under way; nothing may be posted afterwards.</summary>
    public async Task FinishAsync()
    {
        _work.Writer.TryComplete();
        await Run;
        await (_writer?.Running ?? Task.CompletedTask);
    }

    /// <summary>The lesson, read from the database when it is not in memory yet; null: there is no such lesson.</summary>
    public Task<LiveLesson?> LoadAsync() => ReadAsync(true);

    /// <param name="resumes">The hub takes the lesson up; false: it had it already.</param>
    private async Task<LiveLesson?> ReadAsync(bool resumes)
    {
        if (Lesson is not null || await _tools.Store.LoadAsync(Id) is not { } stored)
        {
            return Lesson;
        }

        var plan = new LessonPlan(
            Id, stored.Occurrence.StartsAt, stored.Occurrence.EndsAt, stored.Occurrence.StartsByTimetable,
            [.. stored.Occurrence.Participations.Select(p => p.SeatId)]);
        LessonState state = stored.Facts.Aggregate(LessonState.Initial, (s, f) => s.Apply(f));
        DateTimeOffset? next = await _tools.Store.NextLessonAsync(stored.Occurrence);
        Lesson = new LiveLesson(stored.Occurrence, new LessonMachine(plan, _tools.Rules, state), stored.Chat) { NextLessonAt = next };
        _writer = new FactWriter(Id, _tools, state, new FactReaders(Post, OnStored, OnOvertakenAsync), _stop);
        Resume(Lesson, stored.Occurrence, resumes);
        return Lesson;
    }

    /// <summary>Hands what the machine decided to be stored, and tells the audience what is new. After every input.</summary>
    /// <returns>Ends when everything decided so far is stored and acted upon; true: in force.</returns>
    public async Task<Task<bool>> SettleAsync()
    {
        LiveLesson lesson = Lesson!;
        Task<bool> stored = _writer!.Write(lesson.Machine);
        await SendAsync(lesson, _tools.Clock.GetUtcNow());
        return stored;
    }

    /// <summary>A lesson that was judged without evidence that came now is judged again.</summary>
    public void JudgeAgain()
    {
        if (Lesson is not { } lesson)
        {
            return;
        }

        LessonState state = lesson.Machine.State;
        DateTimeOffset now = _tools.Clock.GetUtcNow();
        bool judged = state.Phase is LessonPhase.Judged or LessonPhase.Missed && state.JudgedRevision > 0;
        if (judged && now < EvidenceWindow.ClosesAt(lesson.Occurrence.EndsAt, state.EndedAt, _tools.Policy))
        {
            lesson.JudgeAt = lesson.JudgeAt is { } due && due < now + RejudgeAfter ? due : now + RejudgeAfter;
        }
    }

    /// <summary>The judge is done.</summary>
    public void OnJudged(string? status, int revision)
    {
        _judging = false;
        if (Lesson is not { } lesson)
        {
            return;
        }

        DateTimeOffset now = _tools.Clock.GetUtcNow();
        if (status is not null && revision != lesson.Machine.State.JudgedRevision)
        {
            lesson.Machine.OnJudged(status, revision, now);
            _tools.Log.Judged(Id, status, revision);
        }
    }

    /// <summary>The lesson's time has come, as far as its row says.</summary>
    public void OnDue(bool toJudge)
    {
        if (toJudge && !_judging && Lesson is { } lesson)
        {
            lesson.JudgeAt ??= _tools.Clock.GetUtcNow();
        }
    }

    private async Task RunAsync()
    {
        await foreach (Func<Task> work in _work.Reader.ReadAllAsync())
        {
            try
            {
                await work();
            }
            catch (Exception fault)
            {
                _tools.Log.WorkFailed(fault, Id); // one failing piece must not take the others along
            }

            if (CanLeave() && _leave(this))
            {
                _tools.Snapshots.Drop(Id);
                _tools.Steady.OnLesson(Id, false);
                return;
            }
        }
    }

    private bool CanLeave()
    {
        if (_judging || _writer is { IsDone: false })
        {
            return false;
        }

        DateTimeOffset now = _tools.Clock.GetUtcNow();
        return Lesson is not { } lesson || lesson.CanBeForgotten(now + FarAhead) || lesson.IsFarOff(now + _tools.Rules.OpenBefore + FarAhead);
    }

    private async Task TickAsync()
    {
        Interlocked.Exchange(ref _tickQueued, 0);
        if (Lesson is not { } lesson)
        {
            return;
        }

        DateTimeOffset now = _tools.Clock.GetUtcNow();
        lesson.Machine.OnTime(now, lesson.NextLessonAt);
        foreach (string seat in lesson.Machine.Plan.Seats)
        {
            lesson.Machine.OnSeat(seat, lesson.IsOccupied(seat), now);
        }

        if (!_judging && lesson.JudgeAt <= now && _writer!.IsDone)
        {
            (_judging, lesson.JudgeAt) = (true, null);
            _tools.Judging.Add(Id);
        }

        if (lesson.Connections.Count > 0 && now - lesson.SentAt >= RefreshEvery)
        {
            lesson.Dirty = true;
        }

        await SettleAsync();
    }

    private void Resume(LiveLesson lesson, Occurrence stored, bool resumes)
    {
        DateTimeOffset now = _tools.Clock.GetUtcNow();
        if (resumes && lesson.Machine.State.IsOpen)
        {
            _tools.Log.GoesOn(Id, lesson.Machine.State.Phase, lesson.Machine.State.Sequence);
            lesson.Machine.OnHubRestart(now);
            Act(LessonStep.ToResume(lesson.Machine.State));
        }

        if (stored.CancelledAt is { } cancelled)
        {
            lesson.Machine.OnCancel(stored.CancelReason ?? "", cancelled, stored.CancelledById);
        }

        lesson.JudgeAt = stored.JudgeAt;
        _tools.Steady.OnLesson(Id, lesson.Machine.State.IsOn);
        lesson.Machine.OnTime(now, lesson.NextLessonAt);
    }

    private void OnStored(IReadOnlyList<LessonFact> facts, LessonState stored)
    {
        LiveLesson lesson = Lesson!;
        lesson.Stored = stored;
        foreach (LessonFact fact in facts)
        {
            _tools.Log.BecameTrue(Id, fact.Kind, fact.SeatId, fact.Text);
            Act(LessonStep.After(fact, stored));
            lesson.JudgeAt = LessonStore.JudgeAtAfter(fact, _tools.Options.SettleTime) ?? lesson.JudgeAt;
        }

        _tools.Steady.OnLesson(Id, stored.IsOn);
        lesson.Dirty = true;
        _tools.Board.Tell();
    }

    /// <summary>Another hub on the same data wrote this lesson's next fact: what is stored holds. Who is connected here stays.</summary>
    private async Task OnOvertakenAsync()
    {
        LiveLesson before = Lesson!;
        (Lesson, _writer) = (null, null);
        if (await ReadAsync(false) is { } read)
        {
            read.TakeOver(before);
            await SettleAsync();
        }
    }

    private void Act(IReadOnlyList<LessonStep> steps)
    {
        foreach (LessonStep step in steps)
        {
            switch (step)
            {
                case LessonStep.OpenMedia:
                    _tools.Streams.OpenLesson(Id);
                    break;
                case LessonStep.CloseMedia:
                    _tools.Streams.CloseLesson(Id);
                    break;
                case LessonStep.GiveFloor floor:
                    _tools.Streams.SetFloor(Id, floor.SeatId);
                    break;
                case LessonStep.Silence silence:
                    _tools.Streams.SetMuted(Id, silence.SeatId, silence.Muted);
                    break;
                case LessonStep.Pause pause:
                    _tools.Streams.SetPaused(Id, pause.On);
                    break;
                case LessonStep.Record { On: true }:
                    _tools.Streams.StartRecording(Id);
                    break;
                case LessonStep.Record:
                    _tools.Streams.StopRecording(Id);
                    break;
            }
        }
    }

    private async Task SendAsync(LiveLesson lesson, DateTimeOffset now)
    {
        if (lesson.Dirty && now - lesson.SentAt >= _tools.Options.SnapshotInterval)
        {
            lesson.Dirty = false;
            lesson.SentAt = now;
            LessonSnapshot snapshot = lesson.Snapshot(now);
            _tools.Snapshots.Keep(snapshot);
            await _tools.Audience.TellAsync(snapshot);
        }
    }
}
