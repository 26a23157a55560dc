using System.Net;
using ThreeClassrooms.Hub.Streams;
using ThreeClassrooms.Hub.Streams.Tcp;
using ThreeClassrooms.TestKit.Time;

namespace ThreeClassrooms.Hub.Tests.Streams;

public sealed class ConnectionGateTests
{
    private static readonly IPAddress School = IPAddress.Parse("198.51.100.7");
    private static readonly IPAddress Stranger = IPAddress.Parse("203.0.113.9");

    private readonly ManualTime _time = new();
    private readonly ConnectionGate _gate;
    private int _ended;

    public ConnectionGateTests() => _gate = new ConnectionGate(new GateLimits(Open: 40, OpenPerAddress: 10, Silent: 12, SilentPerAddress: 4), _time);

    [Fact]
    public void SilentConnectionsOfOneAddress_LeaveRoomForOthers()
    {
        Assert.Equal([null, null, null, null, GateRefusal.AddressTooSilent], Enter(Stranger, 5));
        Assert.Equal([null], Enter(School, 1));
    }

    [Fact]
    public void OpenConnectionsOfOneAddress_LeaveRoomForOthers_AndAPlaceIsFreeAgainAtTheEnd()
    {
        var guests = Enumerable.Range(0, 10).Select(_ => Speaking(Stranger)).ToList();
        Assert.Equal([GateRefusal.AddressFull], Enter(Stranger, 1));
        Assert.Equal([null], Enter(School, 1));
        guests[0].Dispose();
        guests[0].Dispose();
        Assert.Equal([null, GateRefusal.AddressFull], Enter(Stranger, 2));
    }

    [Fact]
    public void OneHouseholdsNetwork_IsOneAddress()
    {
        Assert.All(Enter(IPAddress.Parse("2001:db8::1"), 4), Assert.Null);
        Assert.Equal([GateRefusal.AddressTooSilent], Enter(IPAddress.Parse("2001:db8::ffff:2"), 1));
        Assert.Equal([null], Enter(IPAddress.Parse("2001:db8:0:1::1"), 1));
    }

    [Fact]
    public void SilentOnesOfManyAddresses_GiveUpTheirPlaces_OnceTheyHaveHadTimeToSpeak()
    {
        Assert.All(Enumerable.Range(1, 12), i => Assert.Equal([null], Enter(IPAddress.Parse($"203.0.113.{i}"), 1)));
        Assert.Equal([GateRefusal.TooManySilent], Enter(School, 1));
        Assert.Equal(0, _ended);

        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal([null], Enter(School, 1));
        Assert.Equal((1, 12), (_ended, _gate.Silent));
    }

    [Fact]
    public void LastQuarter_IsForAddressesOfThoseWhoSignedIn()
    {
        Speaking(School).BecomeKnown();
        for (int i = 1; i < 30; i++)
        {
            Speaking(IPAddress.Parse($"203.0.113.{i}"));
        }

        Assert.Equal([GateRefusal.Full], Enter(Stranger, 1));
        Assert.Equal([null], Enter(School, 1));
    }

    [Theory]
    [InlineData(1024, 512)]
    [InlineData(1_000_000, 8192)]
    public void Limits_LeaveHalfOfTheDescriptorsToTheHubItself(int descriptors, int open) =>
        Assert.Equal(open, new StreamsOptions().GateLimitsHere(descriptors).Open);

    private List<GateRefusal?> Enter(IPAddress from, int times) => [.. Enumerable.Range(0, times).Select(_ => _gate.TryEnter(from, () => _ended++, out ConnectionGuest? _))];

    private ConnectionGuest Speaking(IPAddress from)
    {
        Assert.Null(_gate.TryEnter(from, () => _ended++, out ConnectionGuest? guest));
        guest!.Speak();
        return guest;
    }
}
