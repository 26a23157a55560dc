namespace ThreeClassrooms.Hub.Hosting;

/// <summary>
/// The end of a hosted part. A host may be stopped twice at once, by what runs it and by its own signal; both must wait for the same end, or one of them takes away
/// what the other still writes to. Thread-safe.
/// </summary>
internal sealed class StopOnce
{
    private TaskCompletionSource? _end;

    /// <param name="stop">Called for the first caller only.</param>
    /// <returns>The same task for all.</returns>
    public Task RunAsync(Func<Task> stop)
    {
        var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (Interlocked.CompareExchange(ref _end, mine, null) is { } another)
        {
            return another.Task;
        }

        _ = RunAsync(mine, stop);
        return mine.Task;
    }

    private static async Task RunAsync(TaskCompletionSource end, Func<Task> stop)
    {
        try
        {
            await stop();
            end.SetResult();
        }
        catch (Exception fault)
        {
            end.SetException(fault);
        }
    }
}
