namespace ThreeClassrooms.Hub.Lessons;

/// <summary>What a <see cref="FactWriter"/> tells its line, on the line.</summary>
/// <param name="Post">Adds a piece of work to the line.</param>
/// <param name="OnStored">These facts are stored now; the state after them.</param>
/// <param name="OnOvertaken">Somebody else wrote facts of this lesson: what is stored holds, and this writer is finished.</param>
internal sealed record FactReaders(Action<Func<Task>> Post, Action<IReadOnlyList<LessonFact>, LessonState> OnStored, Func<Task> OnOvertaken);

/// <summary>
/// Writes a lesson's facts down, in order and one batch at a time, beside the lesson's line: while the database is busy the lesson goes on, and its facts
/// wait here. A batch that fails is tried again until it is stored. Owned by the line; only the writing itself runs elsewhere.
/// </summary>
internal sealed class FactWriter(Guid lessonId, LessonTools tools, LessonState stored, FactReaders line, CancellationToken stop)
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(250), LongestWait = TimeSpan.FromSeconds(5);

    private readonly List<LessonFact> _waiting = [];
    private TaskCompletionSource<bool> _present = NewAnswer(), _next = NewAnswer();
    private bool _writing;

    /// <summary>The lesson as it is stored.</summary>
    public LessonState Stored { get; private set; } = stored;

    /// <summary>Ends with what is being written now, written or not.</summary>
    public Task Running { get; private set; } = Task.CompletedTask;

    /// <summary>Nothing waits and nothing is being written.</summary>
    public bool IsDone => !_writing && _waiting.Count == 0;

    /// <summary>Takes what the machine decided.</summary>
    /// <returns>Ends when all facts so far are stored and told to the line: true; false: they were overtaken and are not in force.</returns>
    public Task<bool> Write(LessonMachine machine)
    {
        while (machine.TryTake(out LessonFact fact))
        {
            _waiting.Add(fact);
        }

        if (IsDone)
        {
            return Task.FromResult(true);
        }

        if (_writing)
        {
            // What is decided while a batch is under way goes with the next one.
            return _waiting.Count > 0 ? _next.Task : _present.Task;
        }

        Begin();
        return _present.Task;
    }

    private static TaskCompletionSource<bool> NewAnswer() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Begin()
    {
        LessonFact[] batch = [.. _waiting];
        _waiting.Clear();
        (_writing, _present, _next) = (true, _next, NewAnswer());
        LessonState after = batch.Aggregate(Stored, (state, fact) => state.Apply(fact));
        Running = Task.Run(() => WriteAsync(batch, after), CancellationToken.None);
    }

    private async Task WriteAsync(LessonFact[] batch, LessonState after)
    {
        TimeSpan wait = FirstWait;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                bool kept = await tools.Store.AppendAsync(lessonId, batch, after, tools.Options.SettleTime);
                line.Post(() => kept ? OnStored(batch, after) : OnOvertaken());
                return;
            }
            catch (Exception fault) when (!stop.IsCancellationRequested)
            {
                tools.Log.NotStoredYet(fault, lessonId, batch.Length, wait);
            }

            await Task.Delay(wait, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            wait = wait * 2 < LongestWait ? wait * 2 : LongestWait;
        }
    }

    private Task OnStored(LessonFact[] batch, LessonState after)
    {
        (_writing, Stored) = (false, after);
        TaskCompletionSource<bool> answer = _present;
        try
        {
            line.OnStored(batch, after);
        }
        finally
        {
            answer.SetResult(true);
            if (_waiting.Count > 0)
            {
                Begin();
            }
        }

        return Task.CompletedTask;
    }

    private Task OnOvertaken()
    {
        tools.Log.Overtaken(lessonId);
        _present.SetResult(false);
        _next.SetResult(false);
        return line.OnOvertaken();
    }
}
