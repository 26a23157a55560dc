using ThreeClassrooms.Hub.Devices.Alerts;
using ThreeClassrooms.Hub.Devices.Health;

namespace ThreeClassrooms.Hub.Tests.Devices.Alerts;

public sealed class AlertKindsTests
{
    [Fact]
    public void EveryIssue_IsAnAlert_OfTheSameName()
    {
        foreach (IssueKind issue in Enum.GetValues<IssueKind>())
        {
            AlertKind kind = AlertKinds.Of(issue);
            Assert.Equal(issue, AlertKinds.IssueOf(kind));
            foreach (RoomMoment moment in Enum.GetValues<RoomMoment>())
            {
                Assert.Equal(IssueKinds.SeverityOf(issue, moment).ToString(), AlertKinds.SeverityOf(kind, moment).ToString());
            }
        }
    }
}
