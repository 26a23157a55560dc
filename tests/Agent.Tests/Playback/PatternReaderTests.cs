using FsCheck;
using FsCheck.Fluent;
using ThreeClassrooms.Agent.Playback;

namespace ThreeClassrooms.Agent.Tests.Playback;

public class PatternReaderTests
{
    [Fact]
    public void EveryStamp_IsReadBack() =>
        Prop.ForAll(ArbMap.Default.ArbFor<uint>(), stamp => PatternReader.TryRead(PatternPictures.Draw(stamp, true), out uint read) && read == stamp).QuickCheckThrowOnFailure();

    [Fact]
    public void OtherPicture_IsNotTakenForThePattern() => Assert.False(PatternReader.TryRead(new byte[PatternReader.Width * PatternReader.Height], out _));

    [Fact]
    public void Flash_IsSeen()
    {
        Assert.True(PatternReader.Flashes(PatternPictures.Draw(7, true)));
        Assert.False(PatternReader.Flashes(PatternPictures.Draw(7, false)));
    }

    [Theory]
    [InlineData(0u, 5_000, null)]
    [InlineData(4_294_967_290u, 4, 10)]
    public void Delay_WrapsAt32Bits_AndRefusesTheImpossible(uint stamp, long nowMs, int? expected)
    {
        // 2^32 ms are one turn of the stamp.
        DateTimeOffset now = DateTimeOffset.FromUnixTimeMilliseconds(nowMs + (expected is null ? 3_000_000_000L : 4_294_967_296L));
        Assert.Equal(expected, PatternReader.Delay(stamp, now));
    }
}
