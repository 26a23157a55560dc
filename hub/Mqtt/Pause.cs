namespace ThreeClassrooms.Mqtt;

/// <summary>A pause that can be cut short. Thread-safe.</summary>
internal sealed class Pause(TimeProvider time)
{
    private readonly Lock _lock = new();
    private TaskCompletionSource? _waiting;
    private bool _asked;

    /// <summary>Ends the running pause, or the next one before it begins.</summary>
    public void Cut()
    {
        lock (_lock)
        {
            _asked = true;
            _waiting?.TrySetResult();
        }
    }

    /// <summary>Forgets a request that came while there was nothing to cut short.</summary>
    public void Forget()
    {
        lock (_lock)
        {
            _asked = false;
        }
    }

    /// <summary>Ends early, without an exception, when stopped.</summary>
    public async Task WaitAsync(TimeSpan length, CancellationToken stop)
    {
        var cut = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_asked)
            {
                _asked = false;
                return;
            }

            _waiting = cut;
        }

        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        await Task.WhenAny(cut.Task, Task.Delay(length, time, over.Token));
        await over.CancelAsync();
        lock (_lock)
        {
            _waiting = null;
            _asked = false;
        }
    }
}
