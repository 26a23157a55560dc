using ThreeClassrooms.Media.Forwarding;

namespace ThreeClassrooms.Media.Tests.Forwarding;

public sealed class FloorGateTests
{
    [Theory]
    // the lecturer goes to everybody
    [InlineData("host", "r1", null, false, true, true)]
    [InlineData("host", "o-1", "r2", false, true, true)]
    [InlineData("host", "r1", null, true, true, false)]
    // a classroom without the floor: picture to lecturer and observers, sound to nobody
    [InlineData("r1", "host", null, false, true, false)]
    [InlineData("r1", "o-1", null, false, true, false)]
    [InlineData("r1", "r2", null, false, false, false)]
    [InlineData("r1", "r2", "r3", false, false, false)]
    // with the floor: to everybody, unless muted
    [InlineData("r1", "host", "r1", false, true, true)]
    [InlineData("r1", "r2", "r1", false, true, true)]
    [InlineData("r1", "r2", "r1", true, true, false)]
    // nobody hears itself
    [InlineData("r1", "r1", "r1", false, true, false)]
    [InlineData("host", "host", null, false, true, false)]
    public void WhoSeesAndHearsWhom(string stream, string watcher, string? floor, bool muted, bool video, bool audio) =>
        Assert.Equal(new Passage(video, audio), FloorGate.Of(stream, watcher, floor, muted));
}
