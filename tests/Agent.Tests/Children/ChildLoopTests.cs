using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using ThreeClassrooms.Agent.Children;

namespace ThreeClassrooms.Agent.Tests.Children;

public class ChildLoopTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task KilledChild_IsStartedAgain_AndNoneIsLeftBehind()
    {
        var pids = new List<int>();
        var started = new SemaphoreSlim(0);
        using var stop = new CancellationTokenSource();
        var loop = new ChildLoop(
            "sleeper",
            () => ChildProcess.StartAsync("sleeper", "sleep", ["600"], NullLogger.Instance),
            async (child, end) =>
            {
                pids.Add(child.Id);
                started.Release();
                await child.Output.CopyToAsync(Stream.Null, end);
            },
            TimeProvider.System,
            NullLogger.Instance);
        Task running = loop.RunAsync(stop.Token);

        Assert.True(await started.WaitAsync(Deadline));
        Process.GetProcessById(pids[0]).Kill();
        Assert.True(await started.WaitAsync(Deadline));
        await stop.CancelAsync();
        await running.WaitAsync(Deadline);

        Assert.Equal(2, pids.Distinct().Count());
        Assert.All(pids, pid => Assert.False(Directory.Exists($"/proc/{pid}")));
    }

    [Fact]
    public async Task ChildThatSaysMuch_IsDrained()
    {
        await using ChildProcess child = await ChildProcess.StartAsync("talker", "sh", ["-c", "yes error | head -c 1000000 >&2"], NullLogger.Instance);
        Assert.Equal(0, await child.Exited.WaitAsync(Deadline));
    }

    [Fact]
    public void Waits_GrowToTheirBound_AndBeginAnewAfterSuccess()
    {
        var backoff = new Backoff(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(5));
        double[] bounds = [.. Enumerable.Range(0, 6).Select(_ => backoff.Next(1).TotalMilliseconds)];
        Assert.Equal([500, 1000, 2000, 4000, 5000, 5000], bounds);
        backoff.Reset();
        Assert.Equal(50, backoff.Next(0).TotalMilliseconds, 3);
    }
}
