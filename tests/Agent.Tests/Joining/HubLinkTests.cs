using Microsoft.Extensions.Logging.Abstractions;
using ThreeClassrooms.Agent.Joining;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Tests.Joining;

public class HubLinkTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Link_JoinsCarriesSnapshots_AndComesBackAfterTheHubsRestart()
    {
        FakeHub hub = await FakeHub.StartAsync();
        int port = hub.Address.Port;
        await using HubLink link = Create(hub.Address);
        var ups = new SemaphoreSlim(0);
        var downs = new SemaphoreSlim(0);
        var snapshots = new SemaphoreSlim(0);
        link.Changed += up => (up ? ups : downs).Release();
        link.Snapshot += _ => snapshots.Release();
        using var stop = new CancellationTokenSource();
        Task running = link.RunAsync(() => true, stop.Token);

        Assert.True(await ups.WaitAsync(Deadline));
        CommandReply<JoinedLesson>? joined = await link.JoinAsync(Lessons.Id, stop.Token);
        Assert.Equal("r1", joined!.Value!.SeatId);
        Assert.Equal(LessonPhase.Ready, joined.Value.Snapshot.Phase);
        Assert.Equal(LessonRefusal.UnknownLesson, (await link.JoinAsync(Guid.NewGuid(), stop.Token))!.Refusal);
        Assert.Contains("join Bearer token", hub.Calls);
        await hub.SendAsync(Lessons.Snapshot(DateTimeOffset.UtcNow, LessonPhase.Live, 2));
        Assert.True(await snapshots.WaitAsync(Deadline));

        await hub.DisposeAsync();
        Assert.True(await downs.WaitAsync(Deadline));
        Assert.Null(await link.JoinAsync(Lessons.Id, stop.Token));
        await using FakeHub again = await FakeHub.StartAsync(port);
        Assert.True(await ups.WaitAsync(Deadline));
        Assert.NotNull((await link.JoinAsync(Lessons.Id, stop.Token))!.Value);

        await stop.CancelAsync();
        await running.WaitAsync(Deadline);
    }

    private static HubLink Create(Uri hub) =>
        new(hub, new WebSocketConnectionFactory(_ => Task.FromResult<string?>("token"), null), TimeProvider.System, NullLogger.Instance);
}
