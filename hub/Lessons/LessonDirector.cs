using ThreeClassrooms.Hub.Timetable;

namespace ThreeClassrooms.Hub.Lessons;

/// <summary>
/// Keeps a line for every lesson that somebody attends, that is due or that has something left to do (<see cref="LessonLine"/>), and looks at the clock for
/// all of them. A fact is stored before it is acted upon or answered, so that a killed hub goes on with the same lesson. Thread-safe.
/// </summary>
internal sealed class LessonDirector(LessonTools tools, TimetableNews timetable) : BackgroundService
{
    private static readonly TimeSpan LookForDueEvery = TimeSpan.FromSeconds(5), JumpTold = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, LessonLine> _lines = [];
    private readonly CancellationTokenSource _over = new();
    private bool _caughtUp;
    private TimeSpan _jump;

    /// <summary>Runs work with the lesson, loaded if need be, and brings back its answer; null: there is no such lesson.</summary>
    public async Task<T> AskAsync<T>(Guid lessonId, Func<LessonLine, LiveLesson?, Task<T>> work)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(lessonId, true, async line =>
        {
            try
            {
                answer.SetResult(await work(line, await line.LoadAsync()));
            }
            catch (Exception fault)
            {
                answer.SetException(fault);
                throw;
            }
        });
        return await answer.Task;
    }

    /// <summary>Runs work with a lesson that is in memory; does nothing when it is not.</summary>
    public void PostIfKnown(Guid lessonId, Func<LessonLine, LiveLesson, Task> work) =>
        Post(lessonId, false, line => line.Lesson is { } lesson ? work(line, lesson) : Task.CompletedTask);

    /// <summary>A device handed in evidence, which is stored already: a lesson that was judged without it is judged again.</summary>
    public void PostEvidence(Guid lessonId) => Post(lessonId, true, async line =>
    {
        await line.LoadAsync();
        line.JudgeAgain();
    });

    /// <summary>Somebody decided a lesson, which is judged by it already: its facts and its viewers follow.</summary>
    public void PostDecision(Guid lessonId) => Post(lessonId, true, async line =>
    {
        await line.LoadAsync();
        line.OnDue(true);
    });

    /// <summary>The judge is done with a lesson.</summary>
    public void PostJudged(Guid lessonId, string? status, int revision) => Post(lessonId, true, async line =>
    {
        if (await line.LoadAsync() is not null)
        {
            line.OnJudged(status, revision);
            await line.SettleAsync();
        }
    });

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        timetable.Changed += OnTimetableChanged;
        try
        {
            await Task.WhenAll(
                EveryAsync(TimeSpan.Zero, TickAsync, stoppingToken),
                EveryAsync(LookForDueEvery, LookForDueAsync, stoppingToken),
                EveryAsync(tools.Options.EvidenceInterval, tools.Evidence.StoreAsync, stoppingToken));
        }
        finally
        {
            timetable.Changed -= OnTimetableChanged;
            await _over.CancelAsync();
        }

        LessonLine[] lines;
        lock (_gate)
        {
            lines = [.. _lines.Values];
        }

        await Task.WhenAll(lines.Select(line => line.FinishAsync()));
        await RunAsync(tools.Evidence.StoreAsync);
    }

    public override void Dispose()
    {
        _over.Dispose();
        base.Dispose();
    }

    private void Post(Guid lessonId, bool open, Func<LessonLine, Task> work)
    {
        lock (_gate)
        {
            if (!_lines.TryGetValue(lessonId, out LessonLine? line))
            {
                if (!open)
                {
                    return;
                }

                _lines[lessonId] = line = new LessonLine(lessonId, tools, Leave, _over.Token);
            }

            LessonLine chosen = line;
            chosen.Post(() => work(chosen));
        }
    }

    /// <summary>Under the same lock as posting: nothing is ever posted to a line that has left.</summary>
    private bool Leave(LessonLine line)
    {
        lock (_gate)
        {
            return line.IsIdle && _lines.Remove(line.Id);
        }
    }

    /// <summary>At every beat at which so much time has passed by the hub's clock.</summary>
    private async Task EveryAsync(TimeSpan interval, Func<Task> work, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(tools.Options.Tick);
        long last = 0;
        bool first = true;
        try
        {
            do
            {
                if (first || tools.Clock.GetElapsedTime(last) >= interval)
                {
                    (first, last) = (false, tools.Clock.GetTimestamp());
                    await RunAsync(work);
                }
            }
            while (await timer.WaitForNextTickAsync(stop));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }

    /// <summary>What fails now is tried again at the next round.</summary>
    private async Task RunAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception fault)
        {
            tools.Log.RoundFailed(fault);
        }
    }

    private Task TickAsync()
    {
        TimeSpan jump = tools.Steady.Jump;
        if ((jump - _jump).Duration() > JumpTold)
        {
            _jump = jump;
            tools.Log.ClockJumped(jump);
        }

        lock (_gate)
        {
            foreach (LessonLine line in _lines.Values)
            {
                line.PostTick();
            }
        }

        return tools.Board.SendAsync();
    }

    private async Task LookForDueAsync()
    {
        DateTimeOffset now = tools.Clock.GetUtcNow();

        // A hub killed between storing evidence and judging by it finds that out when it comes back.
        if (!_caughtUp)
        {
            foreach (Guid id in await tools.Store.JudgedBeforeEvidenceAsync(now - tools.Policy.LateEvidenceWindow))
            {
                PostEvidence(id);
            }

            _caughtUp = true;
        }

        foreach (DueLesson due in await tools.Store.DueAsync(now + tools.Rules.OpenBefore + LookForDueEvery, now))
        {
            Post(due.Id, true, async line =>
            {
                if (await line.LoadAsync() is not null)
                {
                    line.OnDue(due.ToJudge);
                }
            });
        }
    }

    private void OnTimetableChanged(Guid lessonId) => _ = RunAsync(async () =>
    {
        if (await tools.Store.LoadAsync(lessonId) is not { } stored)
        {
            return;
        }

        if (stored.Occurrence.StartsAt <= tools.Clock.GetUtcNow() + tools.Rules.OpenBefore)
        {
            Post(lessonId, true, line => line.LoadAsync());
        }

        await tools.Audience.TellRoomsAsync(stored.Occurrence.Participations.Select(p => p.ClassroomId));
        tools.Board.Tell();
    });
}
