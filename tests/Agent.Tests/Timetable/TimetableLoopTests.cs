using Microsoft.Extensions.Logging.Abstractions;
using ThreeClassrooms.Agent.Enrolment;
using ThreeClassrooms.Agent.Telemetry;
using ThreeClassrooms.Agent.Tests.Enrolment;
using ThreeClassrooms.Agent.Tests.Joining;
using ThreeClassrooms.Agent.Timetable;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Tests.Timetable;

public class TimetableLoopTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Timetable_IsFetchedOnce_AskedAgainByItsTag_AndReadFromDiskWhenTheHubIsAway()
    {
        using var folder = new TemporaryFolder();
        Uri address;
        await using (FakeHub hub = await FakeHub.StartAsync())
        {
            address = hub.Address;
            Assert.Single((await RunUntilAsync(address, folder.Path, null)).Occurrences);
            hub.Timetable = hub.Timetable with { Occurrences = [hub.Timetable.Occurrences[0], hub.Timetable.Occurrences[0] with { LessonId = Guid.NewGuid() }] };
            Assert.Equal(2, (await RunUntilAsync(address, folder.Path, t => t.Occurrences.Count == 2)).Occurrences.Count);
            Assert.Contains("timetable \"1\"", hub.Calls);
        }

        Assert.Equal(2, (await RunUntilAsync(address, folder.Path, null)).Occurrences.Count);
    }

    [Fact]
    public async Task Enrolment_StoresTheIdentity_AndASpentCodeIsSaidInWords()
    {
        using var folder = new TemporaryFolder();
        await using FakeHub hub = await FakeHub.StartAsync();
        var store = new IdentityStore(folder.Path);

        Result<Identity, HubRefusal> refused = await Enroller.EnrolAsync(hub.Address, null, "BCDF-GHJL", store, new MqttIdentityStore(folder.Path), TimeProvider.System, null, CancellationToken.None);
        Assert.Equal(HubRefusal.CodeUsed, refused.Refusal);
        Assert.Null(store.Load());

        Result<Identity, HubRefusal> enrolled = await Enroller.EnrolAsync(hub.Address, null, "bcdf-ghjk", store, new MqttIdentityStore(folder.Path), TimeProvider.System, null, CancellationToken.None);
        Assert.Equal("device-1", enrolled.Value.DeviceId);
        Assert.Equal(enrolled.Value, store.Load());
    }

    private static async Task<DeviceTimetable> RunUntilAsync(Uri hub, string data, Func<DeviceTimetable, bool>? wanted)
    {
        using var client = new HttpClient { BaseAddress = hub };
        var api = new HubApi(client);
        var clock = new HubClock(TimeProvider.System);
        var identity = new Identity(hub, "device-1", "secret", DeviceRole.Receiving, "一班", "小学", null, DateTimeOffset.UtcNow);
        using var tokens = new DeviceTokens(api, identity, clock, TimeProvider.System);
        var found = new TaskCompletionSource<DeviceTimetable>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var stop = new CancellationTokenSource();
        var loop = new TimetableLoop(api, tokens, new TimetableStore(data), clock, TimeProvider.System, NullLogger.Instance, timetable =>
        {
            if (wanted?.Invoke(timetable) != false)
            {
                found.TrySetResult(timetable);
            }
        });
        Task running = loop.RunAsync(stop.Token);
        DeviceTimetable timetable = await found.Task.WaitAsync(Deadline);
        await stop.CancelAsync();
        await running.ContinueWith(_ => { }, TaskScheduler.Default);
        return timetable;
    }
}
