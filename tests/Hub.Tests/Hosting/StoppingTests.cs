using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ThreeClassrooms.Hub.Devices.Alerts.Delivery;
using ThreeClassrooms.Hub.Devices.Health;
using ThreeClassrooms.Hub.Hosting;
using ThreeClassrooms.Hub.Recordings;

namespace ThreeClassrooms.Hub.Tests.Hosting;

/// <summary>A host is stopped twice at times, at once: by what runs it, and by its own signal. Both wait until what it writes last is written.</summary>
public sealed class StoppingTests
{
    [Fact]
    public async Task WhoeverStopsASecondTime_WaitsForTheFirst_AndNothingIsDoneTwice()
    {
        var once = new StopOnce();
        var written = new TaskCompletionSource();
        int stops = 0;
        Task First() => once.RunAsync(() =>
        {
            stops++;
            return written.Task;
        });
        (Task first, Task second) = (First(), First());
        Assert.False(first.IsCompleted || second.IsCompleted);
        written.SetResult();
        await Task.WhenAll(first, second, First());
        Assert.Equal(1, stops);
    }

    [Fact]
    public async Task AFailure_IsToldToBoth()
    {
        var once = new StopOnce();
        var fault = new InvalidOperationException("the disk is full");
        Assert.Same(fault, await Assert.ThrowsAsync<InvalidOperationException>(() => once.RunAsync(() => Task.FromException(fault))));
        Assert.Same(fault, await Assert.ThrowsAsync<InvalidOperationException>(() => once.RunAsync(() => Task.CompletedTask)));
    }

    [Fact]
    public async Task PartsThatWriteAtTheirEnd_AreOverWhenASecondStopReturns()
    {
        await using var hub = new HubHost();
        IHostedService[] parts = [.. hub.Services.GetServices<IHostedService>().Where(p => p is HealthLoop or DeliveryLoop or RecordingDesk)];
        Assert.Equal(3, parts.Length);
        foreach (IHostedService part in parts)
        {
            Task first = part.StopAsync(CancellationToken.None), second = part.StopAsync(CancellationToken.None);
            await second;
            Assert.Same(first, second);
        }
    }
}
