using FsCheck;
using FsCheck.Fluent;
using ThreeClassrooms.Media.Srtp;

namespace ThreeClassrooms.Media.Tests.Srtp;

public sealed class ReplayWindowTests
{
    [Fact]
    public void AnyOrder_AcceptsEachIndexOnce_AndNoneOlderThanTheWindow() =>
        Prop.ForAll<byte[]>(steps =>
        {
            var window = new ReplayWindow();
            var seen = new HashSet<ulong>();
            var index = 500UL;
            foreach (var step in steps)
            {
                index = index + step - Math.Min(index, 100);
                var fresh = !seen.Contains(index) && (seen.Count == 0 || index + ReplayWindow.Size > seen.Max());
                Assert.Equal(fresh, window.IsFresh(index));
                if (fresh)
                {
                    window.Accept(index);
                    seen.Add(index);
                    Assert.Equal(seen.Max(), window.Highest);
                }
            }
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(0UL, 65535, false, 0UL)]
    [InlineData(65535UL, 0, true, 65536UL)]
    [InlineData(65536UL, 65535, true, 65535UL)]
    [InlineData(0x1_8000UL, 0x7FFF, true, 0x1_7FFFUL)]
    [InlineData(0x1_0001UL, 0x8000, true, 0x1_8000UL)]
    [InlineData(0xFFFF_FFFF_FFFFUL, 0, false, 0UL)]
    public void Estimate_TakesTheNearestIndex(ulong highest, int sequence, bool possible, ulong expected)
    {
        Assert.Equal(possible, PacketIndex.TryEstimate(highest, (ushort)sequence, out var index));
        if (possible)
        {
            Assert.Equal(expected, index);
        }
    }
}
