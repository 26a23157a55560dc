using System.ComponentModel;
using Microsoft.Extensions.Logging;

namespace ThreeClassrooms.Agent.Children;

/// <summary>Keeps one child alive: starts it, lets <c>serve</c> talk to it, and starts it again when either of them ends.</summary>
/// <param name="start">Starts the child; called anew each time, so arguments may change.</param>
/// <param name="longest">Between two tries of a child that ends at once; default 5 s.</param>
/// <param name="serve">Reads and feeds the child; should end when the child does. What it throws of pipes is taken as the child's end.</param>
internal sealed class ChildLoop(string name, Func<Task<ChildProcess>> start, Func<ChildProcess, CancellationToken, Task> serve, TimeProvider time, ILogger log, TimeSpan? longest = null)
{
    private static readonly TimeSpan Steady = TimeSpan.FromSeconds(10);

    public int Starts { get; private set; }

    public async Task RunAsync(CancellationToken stop)
    {
        var backoff = new Backoff(TimeSpan.FromMilliseconds(200), longest ?? TimeSpan.FromSeconds(5));
        while (!stop.IsCancellationRequested)
        {
            long begun = time.GetTimestamp();
            try
            {
                await using ChildProcess child = await start();
                Starts++;
                using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
                Task served = serve(child, end.Token);
                await Task.WhenAny(served, child.Exited, Task.Delay(Timeout.Infinite, end.Token));
                child.Kill();
                await end.CancelAsync();
                await served;
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
            {
                // A pipe broke because the child went, or we are to stop.
            }
            catch (Win32Exception e)
            {
                log.ChildMissing(name, e.Message);
            }

            if (time.GetElapsedTime(begun) > Steady)
            {
                backoff.Reset();
            }

            await Waits.PauseAsync(backoff.Next(Random.Shared.NextDouble()), time, stop);
        }
    }
}
