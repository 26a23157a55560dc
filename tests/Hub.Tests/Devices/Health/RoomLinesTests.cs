using ThreeClassrooms.Hub.Devices.Fleet;

namespace ThreeClassrooms.Hub.Tests.Devices.Health;

public sealed class RoomLinesTests
{
    private static readonly CodeRoom[] Rooms =
    [
        new(Guid.NewGuid(), "白杨镇中心小学", "同步教室", true), new(Guid.NewGuid(), "白杨镇中心小学", "音乐教室", false), new(Guid.NewGuid(), "石门镇中心小学", "同步教室", false),
    ];

    [Theory]
    [InlineData("白杨镇中心小学,同步教室")]
    [InlineData("白杨镇中心小学，同步教室")]
    [InlineData("白杨镇中心小学\t同步教室\r")]
    [InlineData("\"白杨镇中心小学\" ; \"同步教室\"")]
    [InlineData("\uFEFF学校,教室\n白杨镇中心小学,同步教室\n\n")]
    public void RoomsAreFound_HoweverTheListIsWritten(string text) => Assert.Equal(Rooms[0], Assert.Single(RoomLines.Read(text, Rooms)).Room);

    [Fact]
    public void EveryFault_IsNamedWithItsLine()
    {
        IReadOnlyList<RoomLine> lines = RoomLines.Read("白杨镇中心小学,音乐教室\n白杨小学,音乐教室\n白杨镇中心小学,舞蹈室\n音乐教室\n\n白杨镇中心小学,音乐教室", Rooms);
        Assert.Equal(
            [(1, null), (2, RoomLineFault.UnknownSchool), (3, RoomLineFault.UnknownRoom), (4, RoomLineFault.BadLine), (6, RoomLineFault.Twice)],
            lines.Select(l => (l.Number, l.Fault)));
    }

    [Fact]
    public void TooLongLists_AreCutOff()
    {
        IReadOnlyList<RoomLine> lines = RoomLines.Read(string.Join('\n', Enumerable.Repeat("a,b", 5000)), Rooms);
        Assert.Equal(RoomLines.Most + 1, lines.Count);
        Assert.Equal(RoomLineFault.TooMany, lines[^1].Fault);
    }
}
