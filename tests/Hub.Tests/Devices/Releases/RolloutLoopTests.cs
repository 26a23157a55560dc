using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Devices;
using ThreeClassrooms.Hub.Devices.Commands;
using ThreeClassrooms.Hub.Devices.Releases;
using ThreeClassrooms.Hub.Storage;
using ThreeClassrooms.Hub.Tests.Devices.Broker;
using ThreeClassrooms.Hub.Tests.Lessons;

namespace ThreeClassrooms.Hub.Tests.Devices.Releases;

/// <summary>Rollouts over a real broker and database, with devices that update, fail, or sit in a lesson.</summary>
public sealed class RolloutLoopTests(BrokerHost host) : IClassFixture<BrokerHost>
{
    private static readonly Caller County = new(Guid.NewGuid(), "county", "", null, new HashSet<string> { Roles.CountyStaff });

    [Fact]
    public async Task StageAfterStage_TheDevicesAreAsked_AndAllAreDone()
    {
        string version = await ReleaseAsync();
        await using UpdatingDevice a = await DeviceAsync(), b = await DeviceAsync(), c = await DeviceAsync();
        Guid id = (await StartAsync(version, RolloutShares.Brisk, a, b, c)).Value;
        Rollout done = await IsAsync(id, r => r.State == RolloutState.Done);
        Assert.All(done.Devices, d => Assert.Equal((MemberState.Done, "0.1.0"), (d.State, d.FromVersion)));
        Assert.Equal([0, 0, 1], done.Devices.OrderBy(d => d.Place).Select(d => d.Stage));
        Assert.True(done.Devices.Single(d => d.Stage == 1).AskedAt >= done.Devices.Where(d => d.Stage == 0).Max(d => d.UpdatedAt));
        Assert.All(new[] { a, b, c }, d => Assert.Equal([version], d.Asked));
        Assert.Equal(AuditAction.StartedRollout, Assert.Single(await new DeviceScene(host).AuditAsync(id.ToString())).Action);
        Assert.Equal(RolloutRefusal.NoDevices, (await StartAsync(version, RolloutShares.Brisk, a, b, c)).Refusal);
    }

    [Fact]
    public async Task AFailureOfThePilot_StopsIt_NobodyElseIsAsked_AndAPersonTriesAgain()
    {
        string version = await ReleaseAsync();
        await using UpdatingDevice a = await DeviceAsync(), b = await DeviceAsync(), c = await DeviceAsync();
        a.Fails = b.Fails = c.Fails = true;
        Guid id = (await StartAsync(version, RolloutShares.Brisk, a, b, c)).Value;
        Rollout stopped = await IsAsync(id, r => r.State == RolloutState.Stopped && r.Devices.TrueForAll(d => d.State != MemberState.Asked));
        Assert.Equal(RolloutStop.Failures, stopped.StoppedFor);
        Assert.All(stopped.Devices.Where(d => d.State == MemberState.Failed), d => Assert.Equal(UpdateReasons.RolledBack, d.Reason));
        Assert.Empty(stopped.Devices.Single(d => d.Stage == 1).DeviceId == a.Id ? a.Asked : stopped.Devices.Single(d => d.Stage == 1).DeviceId == b.Id ? b.Asked : c.Asked);
        a.Fails = b.Fails = c.Fails = false;
        Assert.Null(await DoAsync(id, RolloutAct.Retry));
        Assert.All((await IsAsync(id, r => r.State == RolloutState.Done)).Devices, d => Assert.Equal(MemberState.Done, d.State));
    }

    [Fact]
    public async Task ALessonIsWaitedFor_PauseAndStopAskNobody_AndTheDevicesAreFreeAfterwards()
    {
        string version = await ReleaseAsync();
        await using UpdatingDevice a = await DeviceAsync();
        var scene = new DeviceScene(host);
        Guid lesson = await scene.LessonAsync(await scene.RoomAsync(), (await scene.DeviceAsync(a.Id)).ClassroomId, TimeSpan.FromMinutes(5));
        Guid id = (await StartAsync(version, RolloutShares.AtOnce, a)).Value;
        Assert.Equal(RolloutRefusal.Held, (await StartAsync(version, RolloutShares.AtOnce, a)).Refusal);
        Assert.Null(await DoAsync(id, RolloutAct.Pause));
        Assert.Equal(RolloutRefusal.NotNow, await DoAsync(id, RolloutAct.Advance));
        await host.WithAsync<HubDbContext, int>(db => db.Set<Hub.Timetable.Occurrence>().Where(o => o.Id == lesson).ExecuteUpdateAsync(s => s.SetProperty(o => o.Phase, LessonPhase.Cancelled)));
        Assert.Empty(a.Asked);
        Assert.Null(await DoAsync(id, RolloutAct.Stop));
        Assert.Equal(RolloutStop.Person, (await ReadAsync(id)).StoppedFor);
        Guid other = (await StartAsync(version, RolloutShares.AtOnce, a)).Value;
        Assert.Equal(RolloutRefusal.NotNow, await DoAsync(id, RolloutAct.Resume)); // another one has the device now
        await IsAsync(other, r => r.State == RolloutState.Done);
        Assert.Equal(
            [AuditAction.StartedRollout, AuditAction.PausedRollout, AuditAction.StoppedRollout], (await scene.AuditAsync(id.ToString())).Select(e => e.Action));
    }

    [Fact]
    public async Task GoingBack_IsANewRolloutOfTheVersionBefore()
    {
        string former = await ReleaseAsync(), version = await ReleaseAsync();
        await using UpdatingDevice a = await DeviceAsync(former), b = await DeviceAsync(former);
        Guid id = (await StartAsync(version, RolloutShares.AtOnce, a, b)).Value;
        await IsAsync(id, r => r.State == RolloutState.Done);
        Guid back = (await host.WithAsync<RolloutDesk, Result<Guid, RolloutRefusal>>(d => d.GoBackAsync(id, County, CancellationToken.None))).Value;
        Rollout done = await IsAsync(back, r => r.State == RolloutState.Done);
        Assert.Equal((former, true), (done.ReleaseVersion, done.GoesBack));
        Assert.Equal([version, former], a.Asked);
    }

    [Fact]
    public async Task WithdrawingARelease_StopsItsRollouts_AndTakesBackWhatNobodyHas()
    {
        string version = await ReleaseAsync();
        await using UpdatingDevice a = await DeviceAsync();
        a.Silent = true;
        Guid id = (await StartAsync(version, RolloutShares.AtOnce, a)).Value;
        await IsAsync(id, r => r.Devices[0].State == MemberState.Asked);
        Assert.Null(await host.WithAsync<RolloutDesk, ReleaseRefusal?>(d => d.WithdrawAsync(version, County, CancellationToken.None)));
        await IsAsync(id, r => r.StoppedFor == RolloutStop.Withdrawn);
        Assert.Equal(RolloutRefusal.NoRelease, await DoAsync(id, RolloutAct.Resume));
        Assert.Equal(RolloutRefusal.NoRelease, (await StartAsync(version, RolloutShares.AtOnce, a)).Refusal);
    }

    [Fact]
    public async Task OnlyDeviceStaff_MayStartAndDecide_AndOnlySoundWishesCount()
    {
        string version = await ReleaseAsync();
        await using UpdatingDevice a = await DeviceAsync();
        a.Silent = true;
        RolloutWish wish = new(version, RolloutScope.Rooms, [a.Id]);
        foreach (string role in Roles.All.Except([Roles.CountyStaff, Roles.SystemAdmin]))
        {
            Caller caller = County with { Roles = new HashSet<string> { role }, SchoolId = Guid.NewGuid() };
            Assert.Equal(RolloutRefusal.NotAllowed, (await WithDeskAsync(d => d.StartAsync(wish, caller, CancellationToken.None))).Refusal);
            Assert.Equal(RolloutRefusal.NotAllowed, (await WithDeskAsync(d => d.PreviewAsync(wish, caller, CancellationToken.None))).Refusal);
            Assert.Equal(RolloutRefusal.NotAllowed, await WithDeskAsync(d => d.DoAsync(Guid.NewGuid(), RolloutAct.Stop, caller, CancellationToken.None)));
            Assert.Equal(RolloutRefusal.NotAllowed, (await WithDeskAsync(d => d.GoBackAsync(Guid.NewGuid(), caller, CancellationToken.None))).Refusal);
        }

        var noon = new TimeOnly(12, 0);
        foreach (RolloutWish bad in new[]
        {
            wish with { AtOnce = 0 }, wish with { AtOnce = 201 }, wish with { Watch = TimeSpan.FromDays(2) }, wish with { Shares = "3" }, wish with { Chosen = [] },
            wish with { Hours = new RolloutHours(noon, noon) }, wish with { Version = "../x" },
        })
        {
            Assert.Equal(RolloutRefusal.BadWish, (await WithDeskAsync(d => d.StartAsync(bad, County, CancellationToken.None))).Refusal);
        }

        Assert.Equal(RolloutRefusal.NoRelease, (await WithDeskAsync(d => d.StartAsync(wish with { Version = "9.9.9" }, County, CancellationToken.None))).Refusal);
        Assert.Equal(RolloutRefusal.NoRollout, await WithDeskAsync(d => d.DoAsync(Guid.NewGuid(), RolloutAct.Stop, County, CancellationToken.None)));
        Assert.True((await WithDeskAsync(d => d.StartAsync(wish, County with { Roles = new HashSet<string> { Roles.SystemAdmin } }, CancellationToken.None))).IsOk);
    }

    [Fact]
    public async Task OneDevice_IsUpdatedFromItsPage_WithAReleaseThatIsThere()
    {
        string version = await ReleaseAsync();
        await using UpdatingDevice a = await DeviceAsync();
        Task<Result<Guid, CommandRefusal>> AskAsync(string? text) => host.WithAsync<CommandDesk, Result<Guid, CommandRefusal>>(
            d => d.AskAsync(a.Id, CommandKind.Update, new CommandWish(Text: text), false, County, CancellationToken.None));
        Assert.Equal(CommandRefusal.NotOffered, (await AskAsync("8.8.8")).Refusal);
        Assert.Equal(CommandRefusal.NotOffered, (await AskAsync(null)).Refusal);
        Device row = await new DeviceScene(host).DeviceAsync(a.Id);
        Assert.Equal(version, await host.WithAsync<ReleaseOffer, string?>(o => o.NewerAsync(row, CancellationToken.None)));
        Assert.True((await AskAsync(version)).IsOk);
        await TestKit.Until.TrueAsync(() => a.Version == version);

        // The hub hears of it from the device.
        await LessonScene.EventuallyAsync(
            async () => await host.WithAsync<ReleaseOffer, string?>(o => o.NewerAsync(row, CancellationToken.None)) is null, "nothing newer to offer");
    }

    /// <summary>Every test has versions of its own, each newer than those before it.</summary>
    private async Task<string> ReleaseAsync()
    {
        int minor = await host.WithAsync<HubDbContext, int>(db => db.Set<StoredRelease>().CountAsync()) + 1;
        string version = $"1.{minor}.0", path = Path.Combine(host.Folder, $"{Guid.NewGuid():N}.tar.gz");
        await File.WriteAllBytesAsync(path, Packages.Of(version));
        return (await host.WithAsync<ReleaseShelf, Result<TakenRelease, ReleaseRefusal>>(s => s.TakeAsync(path, null, ReleaseOrigin.Uploaded, County, CancellationToken.None))).Value.Version;
    }

    private async Task<UpdatingDevice> DeviceAsync(string version = "0.1.0")
    {
        var device = await UpdatingDevice.UpAsync(host, version);
        await TestKit.Until.TrueAsync(() => host.Services.CreateScope().ServiceProvider.GetRequiredService<RolloutSights>().IsOnline(device.Id));
        return device;
    }

    private Task<Result<Guid, RolloutRefusal>> StartAsync(string version, string shares, params UpdatingDevice[] devices) =>
        WithDeskAsync(d => d.StartAsync(new RolloutWish(version, RolloutScope.Rooms, [.. devices.Select(x => x.Id)], shares, Watch: TimeSpan.Zero), County, CancellationToken.None));

    private async Task<RolloutRefusal?> DoAsync(Guid id, RolloutAct act)
    {
        RolloutRefusal? refusal = await WithDeskAsync(d => d.DoAsync(id, act, County, CancellationToken.None));
        return refusal;
    }

    private Task<T> WithDeskAsync<T>(Func<RolloutDesk, Task<T>> use) => host.WithAsync(use);

    private Task<Rollout> ReadAsync(Guid id) =>
        host.WithAsync<HubDbContext, Rollout>(db => db.Set<Rollout>().AsNoTracking().Include(r => r.Devices).SingleAsync(r => r.Id == id));

    private async Task<Rollout> IsAsync(Guid id, Func<Rollout, bool> wanted)
    {
        Rollout last = await ReadAsync(id);
        for (DateTime until = DateTime.UtcNow.AddSeconds(30); !wanted(last) && DateTime.UtcNow < until; last = await ReadAsync(id))
        {
            await Task.Delay(50);
        }

        Assert.True(wanted(last), $"{last.State} {last.Stage} {string.Join(", ", last.Devices.Select(d => $"{d.State} {d.Reason}"))}");
        return last;
    }
}
