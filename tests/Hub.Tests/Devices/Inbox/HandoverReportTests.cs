using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Devices.Inbox.Handover;
using ThreeClassrooms.Hub.Schools;
using ThreeClassrooms.Hub.Storage;
using ThreeClassrooms.Hub.Tests.Hosting;
using ThreeClassrooms.TestKit.Evidence;

namespace ThreeClassrooms.Hub.Tests.Devices.Inbox;

public sealed class HandoverReportTests(HubHost host) : IClassFixture<HubHost>
{
    private readonly DeviceScene _scene = new(host);

    [Fact]
    public async Task Trouble_IsShownToItsSchoolAndTheCounty_WithWhatIsStillMissing()
    {
        Guid room = await _scene.RoomAsync(), elsewhere = await _scene.RoomAsync();
        EnrolResponse device = await _scene.EnrolAsync(room);
        string token = await _scene.TokenAsync(device);
        var chain = new RecordChain();
        for (int i = 0; i < 9; i++)
        {
            chain.Add("probe", i, host.Time.Now);
        }

        await _scene.Client.HandInAsync(token, chain, RecordChain.Batch(chain.Records.Skip(3).Take(4), dropped: [new DroppedRange(1, 3, DropReason.DeadLetter)]));
        await _scene.Client.HandInAsync(token, chain, [chain.Altered(chain.Records[4] with { Payload = "\"other\"", EventId = Guid.NewGuid() })]);
        await _scene.Client.HandInAsync(token, chain, chain.Records.Skip(8)); // the eighth is still on its way

        foreach (Caller caller in new[] { Staff(), await HeadAsync(room) })
        {
            HandoverReport report = await ReportAsync(caller);
            HandoverTrouble[] its = [.. report.Troubles.Where(t => t.DeviceId == device.DeviceId)];
            HandoverTrouble aside = Assert.Single(its, t => t.Key == "NumberTaken"), gone = Assert.Single(its, t => t.Key == "DeadLetter");
            Assert.Equal((5L, 5L), (aside.Sequence, aside.Through));
            Assert.Equal((1L, 3L), (gone.Sequence, gone.Through));
            Assert.Equal(2, its.Length);
            Assert.Equal(2, Assert.Single(report.Backlog, b => b.DeviceId == device.DeviceId).Missing);
            Assert.Contains("other", (await RecordAsync(caller, aside.ConflictId!.Value))!.Value.Json, StringComparison.Ordinal);
        }

        Caller stranger = await HeadAsync(elsewhere);
        HandoverReport nothing = await ReportAsync(stranger);
        Assert.Empty(nothing.Troubles);
        Assert.Empty(nothing.Backlog);
        Assert.Equal(0, nothing.Kept);
        long id = (await ReportAsync(Staff())).Troubles.First(t => t.ConflictId is not null).ConflictId!.Value;
        Assert.Null(await RecordAsync(stranger, id));
    }

    private static Caller Staff() => new(Guid.NewGuid(), "county", "", null, new HashSet<string> { Roles.CountyStaff });

    private async Task<Caller> HeadAsync(Guid room) => new(
        Guid.NewGuid(), "head", "", await host.WithAsync<HubDbContext, Guid>(db => db.Set<Classroom>().Where(r => r.Id == room).Select(r => r.SchoolId).SingleAsync()),
        new HashSet<string> { Roles.SchoolHead });

    private Task<HandoverReport> ReportAsync(Caller caller) =>
        host.WithAsync<HubDbContext, HandoverReport>(db => HandoverReport.ReadAsync(db, caller, host.Time.Now, default));

    private Task<(string Name, string Json)?> RecordAsync(Caller caller, long id) =>
        host.WithAsync<HubDbContext, (string, string)?>(db => HandoverReport.RecordAsync(db, caller, id, default));
}
