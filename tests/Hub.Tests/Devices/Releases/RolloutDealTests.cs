using FsCheck;
using FsCheck.Fluent;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Devices.Releases;

namespace ThreeClassrooms.Hub.Tests.Devices.Releases;

public sealed class RolloutDealTests
{
    [Fact]
    public void ThePilot_IsOneMainAndOneReceivingDevice_OfTwoSchools_ThatAreThere()
    {
        Guid one = Guid.NewGuid(), two = Guid.NewGuid();
        List<DealtDevice> devices =
        [
            new("main-away", one, DeviceRole.Main, false), new("main-1", one, DeviceRole.Main, true), new("main-2", one, DeviceRole.Main, true),
            .. Enumerable.Range(0, 8).Select(i => new DealtDevice($"receiving-{i}", two, DeviceRole.Receiving, i > 1)),
        ];
        IReadOnlyList<DealtDevice> order = RolloutDeal.Order(devices);
        Assert.Equal([DeviceRole.Main, DeviceRole.Receiving], order.Take(2).Select(d => d.Role).Order());
        Assert.All(order.Take(2), d => Assert.True(d.Online));
        Assert.Equal(2, order.Take(2).Select(d => d.SchoolId).Distinct().Count());
    }

    [Theory]
    [InlineData(RolloutShares.Careful, 1, "1")]
    [InlineData(RolloutShares.Careful, 2, "2")]
    [InlineData(RolloutShares.Careful, 3, "2 1")]
    [InlineData(RolloutShares.Careful, 30, "2 1 12 15")]
    [InlineData(RolloutShares.Careful, 500, "2 48 200 250")]
    [InlineData(RolloutShares.Brisk, 40, "2 38")]
    [InlineData(RolloutShares.AtOnce, 40, "40")]
    public void Stages_AreSharesOfAll_EachOfOneDeviceAtLeast(string shares, int devices, string stages) =>
        Assert.Equal(stages, string.Join(' ', RolloutShares.Of(RolloutShares.Read(shares), devices).Select(s => s.Devices)));

    [Fact]
    public void AnyDevices_AreAllDealtOnce_AlwaysAlike_SchoolsInTurn() => Prop.ForAll(
        (from role in Gen.Elements(DeviceRole.Main, DeviceRole.Receiving) from school in Gen.Choose(0, 4) from online in Gen.Elements(true, false) select (role, school, online)).ArrayOf(60).ToArbitrary(),
        any =>
        {
            Guid[] schools = [.. Enumerable.Range(0, 5).Select(i => new Guid(i + 1, 0, 0, new byte[8]))];
            DealtDevice[] devices = [.. any.Select((d, i) => new DealtDevice($"agt-{i}", schools[d.school], d.role, d.online))];
            IReadOnlyList<DealtDevice> order = RolloutDeal.Order(devices);
            Assert.Equal(devices.OrderBy(d => d.Id), order.OrderBy(d => d.Id));
            Assert.Equal(order, RolloutDeal.Order([.. devices.Reverse()]));
            Assert.Equal(order.OrderByDescending(d => d.Online).Select(d => d.Online), order.Select(d => d.Online));
            IReadOnlyList<(RolloutShare Share, int Devices)> stages = RolloutShares.Of(RolloutShares.Read(RolloutShares.Careful), devices.Length);
            Assert.Equal(devices.Length, stages.Sum(s => s.Devices));
            Assert.All(stages, s => Assert.True(s.Devices > 0));
            Assert.Equal(stages.Select(s => s.Share), RolloutShares.Read(RolloutShares.Write(stages.Select(s => s.Share))));

            // Of one role and presence no school has its third before another has its second.
            foreach (IGrouping<(DeviceRole, bool), DealtDevice> alike in order.GroupBy(d => (d.Role, d.Online)))
            {
                List<int> turns = [.. alike.Select((d, i) => alike.Take(i).Count(o => o.SchoolId == d.SchoolId))];
                Assert.Equal(turns.Order(), turns);
            }

            return true;
        }).QuickCheckThrowOnFailure();
}
