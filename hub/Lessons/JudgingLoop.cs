using ThreeClassrooms.Hub.Credit;

namespace ThreeClassrooms.Hub.Lessons;

/// <summary>Judges one lesson after the other, beside the lessons' own lines: no lesson waits for a judgement, its own or another's.</summary>
internal sealed class JudgingLoop(
    JudgingQueue queue, LessonDirector director, EvidenceBook evidence, IServiceScopeFactory scopes, ILogger<JudgingLoop> log) : BackgroundService
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(1), LongestWait = TimeSpan.FromSeconds(30);

    private readonly Dictionary<Guid, int> _failures = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (Guid lessonId in queue.Reader.ReadAllAsync(stoppingToken))
            {
                try
                {
                    StoredJudgement? judgement = await JudgeAsync(lessonId, stoppingToken);
                    _failures.Remove(lessonId);
                    director.PostJudged(lessonId, judgement?.Status.ToString(), judgement?.Revision ?? 0);
                }
                catch (Exception fault) when (fault is not OperationCanceledException)
                {
                    log.JudgingFailed(fault, lessonId); // this one is tried again, the others go on
                    _ = AgainAsync(lessonId, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private async Task AgainAsync(Guid lessonId, CancellationToken stop)
    {
        int before = _failures.GetValueOrDefault(lessonId);
        _failures[lessonId] = before + 1;
        TimeSpan wait = FirstWait * (1 << Math.Min(before, 10));
        await Task.Delay(wait < LongestWait ? wait : LongestWait, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        queue.Add(lessonId);
    }

    private async Task<StoredJudgement?> JudgeAsync(Guid lessonId, CancellationToken cancel)
    {
        await evidence.StoreAsync();
        await using AsyncServiceScope scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<LessonJudge>().JudgeAsync(lessonId, cancel);
    }
}
