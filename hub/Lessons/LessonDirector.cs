using System.Threading.Channels;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Attendance;
using ThreeClassrooms.Hub.Credit;
using ThreeClassrooms.Hub.Credit.Judging;
using ThreeClassrooms.Hub.Streams;
using ThreeClassrooms.Hub.Timetable;

namespace ThreeClassrooms.Hub.Lessons;

/// <summary>
/// Drives all lessons: one loop owns them, everything else posts work to it. A fact is stored before it is acted upon or answered, so that
/// a killed hub goes on with the same lesson.
/// </summary>
internal sealed class LessonDirector(
    LessonStore store, EvidenceStore evidenceStore, LessonAudience audience, LessonSnapshots snapshots, StreamServer streams, TimetableNews timetable,
    IServiceScopeFactory scopes, LessonRules rules, LessonsOptions options, CreditPolicy policy, TimeProvider clock, ILogger<LessonDirector> log)
    : BackgroundService
{
    private static readonly TimeSpan LookForDueEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RefreshEvery = TimeSpan.FromSeconds(3); // "who sees me" fades without any event
    private static readonly TimeSpan RejudgeAfter = TimeSpan.FromSeconds(5);

    private readonly Channel<Func<Task>> _work = Channel.CreateUnbounded<Func<Task>>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Dictionary<Guid, LiveLesson> _lessons = [];
    private readonly EvidenceGatherer _evidence = new();
    private DateTimeOffset _lookedForDue;
    private DateTimeOffset _storedEvidence;
    private int _tickQueued;
    private bool _caughtUp;

    /// <summary>Runs work on the loop that owns the lessons and brings back its answer.</summary>
    public async Task<T> AskAsync<T>(Func<Task<T>> work)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        await _work.Writer.WriteAsync(async () =>
        {
            try
            {
                answer.SetResult(await work());
            }
            catch (Exception fault)
            {
                answer.SetException(fault);
                throw;
            }
        });
        return await answer.Task;
    }

    /// <summary>Runs work on the loop without waiting for it.</summary>
    public void Post(Func<Task> work) => _work.Writer.TryWrite(work);

    /// <summary>The lesson in memory; null when it is not there. Only on the loop.</summary>
    public LiveLesson? Known(Guid lessonId) => _lessons.GetValueOrDefault(lessonId);

    /// <summary>The lesson in memory, loaded when it is not there yet. Only on the loop.</summary>
    public async Task<LiveLesson?> FindAsync(Guid lessonId)
    {
        if (_lessons.TryGetValue(lessonId, out LiveLesson? known))
        {
            return known;
        }

        if (await store.LoadAsync(lessonId) is not { } stored)
        {
            return null;
        }

        var plan = new LessonPlan(
            lessonId, stored.Occurrence.StartsAt, stored.Occurrence.EndsAt, stored.Occurrence.StartsByTimetable,
            [.. stored.Occurrence.Participations.Select(p => p.SeatId)]);
        LessonState state = stored.Facts.Aggregate(LessonState.Initial, (s, f) => s.Apply(f));
        var lesson = new LiveLesson(stored.Occurrence, new LessonMachine(plan, rules, state), stored.Chat)
        {
            NextLessonAt = await store.NextLessonAsync(stored.Occurrence),
        };
        _lessons[lessonId] = lesson;
        await ResumeAsync(lesson, stored.Occurrence);
        return lesson;
    }

    /// <summary>Stores and acts upon what the machine decided; tells the audience. Only on the loop, after every input.</summary>
    public async Task SettleAsync(LiveLesson lesson)
    {
        List<LessonFact> facts = [];
        while (lesson.Machine.TryTake(out LessonFact fact))
        {
            facts.Add(fact);
        }

        if (facts.Count > 0)
        {
            try
            {
                await store.AppendAsync(lesson.Id, facts, lesson.Machine.State);
            }
            catch
            {
                Forget(lesson.Id); // what is stored holds: it is read again at the next input
                throw;
            }

            foreach (LessonFact fact in facts)
            {
                log.BecameTrue(lesson.Id, fact.Kind, fact.SeatId, fact.Text);
                Act(lesson, LessonStep.After(fact));
                OnFact(lesson, fact);
            }

            lesson.Dirty = true;
            await audience.TellBoardAsync();
        }

        await SendAsync(lesson, clock.GetUtcNow());
    }

    /// <summary>Adds evidence; it is stored within <see cref="LessonsOptions.EvidenceInterval"/>. Only on the loop.</summary>
    public void Witness(LiveLesson lesson, EvidenceKey key, DateTimeOffset from, DateTimeOffset to)
    {
        _evidence.Add(key, from, to);
        JudgeAgain(lesson);
    }

    /// <summary>A device handed in evidence, which is stored already: a lesson that was judged without it is judged again. From anywhere.</summary>
    public void PostEvidence(Guid lessonId) => Post(async () =>
    {
        if (await FindAsync(lessonId) is { } lesson)
        {
            JudgeAgain(lesson);
        }
    });

    /// <summary>Somebody decided a lesson, which is judged by it already: its facts and its viewers follow. From anywhere.</summary>
    public void PostDecision(Guid lessonId) => Post(async () =>
    {
        if (await FindAsync(lessonId) is { } lesson)
        {
            lesson.JudgeAt ??= clock.GetUtcNow();
        }
    });

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        timetable.Changed += OnTimetableChanged;
        Task ticking = TickForeverAsync(stoppingToken);
        try
        {
            await foreach (Func<Task> work in _work.Reader.ReadAllAsync(stoppingToken))
            {
                await RunAsync(work);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await RunAsync(StoreEvidenceAsync);
        }
        finally
        {
            timetable.Changed -= OnTimetableChanged;
        }

        await ticking;
    }

    /// <summary>One failing piece of work must not take the other lessons along.</summary>
    private async Task RunAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception fault)
        {
            log.WorkFailed(fault);
        }
    }

    private void OnTimetableChanged(Guid lessonId) => _work.Writer.TryWrite(async () =>
    {
        if (await store.LoadAsync(lessonId) is not { } stored)
        {
            return;
        }

        if (stored.Occurrence.CancelledAt is not null || stored.Occurrence.StartsAt <= clock.GetUtcNow() + rules.OpenBefore)
        {
            if (await FindAsync(lessonId) is { } lesson)
            {
                CancelIfStored(lesson, stored.Occurrence);
                lesson.Machine.OnTime(clock.GetUtcNow(), lesson.NextLessonAt);
                await SettleAsync(lesson);
            }
        }

        await audience.TellRoomsAsync(stored.Occurrence.Participations.Select(p => p.ClassroomId));
        await audience.TellBoardAsync();
    });

    private async Task TickForeverAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(options.Tick, clock);
        try
        {
            do
            {
                if (Interlocked.Exchange(ref _tickQueued, 1) == 0)
                {
                    _work.Writer.TryWrite(TickAsync);
                }
            }
            while (await timer.WaitForNextTickAsync(stop));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }

    private async Task TickAsync()
    {
        Interlocked.Exchange(ref _tickQueued, 0);
        DateTimeOffset now = clock.GetUtcNow();
        if (now - _lookedForDue >= LookForDueEvery)
        {
            _lookedForDue = now;
            await LookForDueAsync(now);
        }

        if (now - _storedEvidence >= options.EvidenceInterval)
        {
            _storedEvidence = now;
            await StoreEvidenceAsync();
        }

        foreach (LiveLesson lesson in _lessons.Values.ToList())
        {
            await RunAsync(() => TickAsync(lesson, now));
        }
    }

    private void JudgeAgain(LiveLesson lesson)
    {
        LessonState state = lesson.Machine.State;
        bool judged = state.Phase is LessonPhase.Judged or LessonPhase.Missed && state.JudgedRevision > 0;
        if (judged && clock.GetUtcNow() < EvidenceWindow.ClosesAt(lesson.Occurrence.EndsAt, state.EndedAt, policy))
        {
            lesson.JudgeAt ??= clock.GetUtcNow() + RejudgeAfter;
        }
    }

    private async Task LookForDueAsync(DateTimeOffset now)
    {
        IReadOnlyList<Guid> unjudged = await store.UnjudgedAsync(now - policy.LateEvidenceWindow);

        // A hub killed between storing evidence and judging by it finds that out when it comes back.
        IReadOnlyList<Guid> overlooked = _caughtUp ? [] : await store.JudgedBeforeEvidenceAsync(now - policy.LateEvidenceWindow);
        _caughtUp = true;
        foreach (Guid id in unjudged.Union(overlooked))
        {
            if (await FindAsync(id) is { } lesson)
            {
                lesson.JudgeAt ??= now;
            }
        }

        foreach (Guid id in await store.DueAsync(now + rules.OpenBefore + LookForDueEvery))
        {
            await FindAsync(id);
        }
    }

    private async Task TickAsync(LiveLesson lesson, DateTimeOffset now)
    {
        lesson.Machine.OnTime(now, lesson.NextLessonAt);
        foreach (string seat in lesson.Machine.Plan.Seats)
        {
            lesson.Machine.OnSeat(seat, lesson.IsOccupied(seat), now);
        }

        if (lesson.JudgeAt <= now)
        {
            await JudgeAsync(lesson, now);
        }

        if (lesson.Connections.Count > 0 && now - lesson.SentAt >= RefreshEvery)
        {
            lesson.Dirty = true;
        }

        await SettleAsync(lesson);
        if (lesson.CanBeForgotten || lesson.IsFarOff(now + rules.OpenBefore + (2 * LookForDueEvery)))
        {
            Forget(lesson.Id);
        }
    }

    private async Task JudgeAsync(LiveLesson lesson, DateTimeOffset now)
    {
        lesson.JudgeAt = now + TimeSpan.FromSeconds(30); // tried again if it fails now
        await StoreEvidenceAsync();
        await using AsyncServiceScope scope = scopes.CreateAsyncScope();
        StoredJudgement? judgement = await scope.ServiceProvider.GetRequiredService<LessonJudge>().JudgeAsync(lesson.Id);
        if (judgement is not null && judgement.Revision != lesson.Machine.State.JudgedRevision)
        {
            lesson.Machine.OnJudged(judgement.Status.ToString(), judgement.Revision, now);
            log.Judged(lesson.Id, judgement.Status.ToString(), judgement.Revision);
        }

        lesson.JudgeAt = null;
    }

    private async Task StoreEvidenceAsync() => await evidenceStore.AppendAsync(_evidence.TakeAll(clock.GetUtcNow()));

    private async Task ResumeAsync(LiveLesson lesson, Occurrence stored)
    {
        DateTimeOffset now = clock.GetUtcNow();
        if (lesson.Machine.State.IsOpen)
        {
            log.GoesOn(lesson.Id, lesson.Machine.State.Phase, lesson.Machine.State.Sequence);
            lesson.Machine.OnHubRestart(now);
            Act(lesson, LessonStep.ToResume(lesson.Machine.State));
        }

        CancelIfStored(lesson, stored);
        LessonState state = lesson.Machine.State;
        lesson.JudgeAt = state.Phase == LessonPhase.Ended ? state.EndedAt + options.SettleTime
            : state.Phase is LessonPhase.Missed or LessonPhase.Cancelled && state.JudgedRevision == 0 ? now
            : null;
        lesson.Machine.OnTime(now, lesson.NextLessonAt);
        await SettleAsync(lesson);
    }

    private void CancelIfStored(LiveLesson lesson, Occurrence stored)
    {
        // The time, not the phase: opening the room at the same moment may have written the phase over.
        if (stored.CancelledAt is not null)
        {
            lesson.Machine.OnCancel(stored.CancelReason ?? "", stored.CancelledAt ?? clock.GetUtcNow(), stored.CancelledById);
        }
    }

    private void OnFact(LiveLesson lesson, LessonFact fact)
    {
        switch (fact.Kind)
        {
            case LessonFactKind.Ended:
                lesson.JudgeAt = fact.At + options.SettleTime;
                break;
            case LessonFactKind.Cancelled or LessonFactKind.Missed:
                lesson.JudgeAt = fact.At;
                break;
        }
    }

    private void Act(LiveLesson lesson, IReadOnlyList<LessonStep> steps)
    {
        foreach (LessonStep step in steps)
        {
            switch (step)
            {
                case LessonStep.OpenMedia:
                    streams.OpenLesson(lesson.Id);
                    break;
                case LessonStep.CloseMedia:
                    streams.CloseLesson(lesson.Id);
                    break;
                case LessonStep.GiveFloor floor:
                    streams.SetFloor(lesson.Id, floor.SeatId);
                    break;
                case LessonStep.Silence silence:
                    streams.SetMuted(lesson.Id, silence.SeatId, silence.Muted);
                    break;
                case LessonStep.Record { On: true }:
                    streams.StartRecording(lesson.Id);
                    break;
                case LessonStep.Record:
                    streams.StopRecording(lesson.Id);
                    break;
            }
        }
    }

    private async Task SendAsync(LiveLesson lesson, DateTimeOffset now)
    {
        if (lesson.Dirty && now - lesson.SentAt >= options.SnapshotInterval)
        {
            lesson.Dirty = false;
            lesson.SentAt = now;
            LessonSnapshot snapshot = lesson.Snapshot(now);
            snapshots.Keep(snapshot);
            await audience.TellAsync(snapshot);
        }
    }

    private void Forget(Guid lessonId)
    {
        _lessons.Remove(lessonId);
        snapshots.Drop(lessonId);
    }
}
