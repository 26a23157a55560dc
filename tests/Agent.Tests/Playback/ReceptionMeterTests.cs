using System.Runtime.InteropServices;
using ThreeClassrooms.Agent.Playback;

namespace ThreeClassrooms.Agent.Tests.Playback;

public class ReceptionMeterTests
{
    private static readonly DateTimeOffset Wall = new(2026, 3, 2, 1, 0, 0, 250, TimeSpan.Zero);

    [Fact]
    public void TwentyFivePicturesASecond_AreTwentyFive_WithoutFreeze()
    {
        var meter = new ReceptionMeter(TimeSpan.Zero);
        Play(meter, 0, 5000);
        MeterReading reading = meter.Read(Ms(5000));
        Assert.Equal(25, reading.FramesPerSecond);
        Assert.Equal(0, reading.FreezeMs);
        Assert.False(reading.Black);
        Assert.Equal(Ms(0), meter.FirstPicture);
    }

    [Fact]
    public void GapOfOverHalfASecond_CountsWhole_AShorterOneNotAtAll()
    {
        var meter = new ReceptionMeter(TimeSpan.Zero);
        Play(meter, 0, 1040);
        Play(meter, 1480, 2520);
        Play(meter, 3320, 5000);
        Assert.Equal(840, meter.Read(Ms(5000)).FreezeMs);
    }

    [Fact]
    public void GapOverTheEndOfTheInterval_IsSharedBetweenBoth()
    {
        var meter = new ReceptionMeter(TimeSpan.Zero);
        Play(meter, 0, 4040);
        Assert.Equal(1000, meter.Read(Ms(5000)).FreezeMs);
        Play(meter, 5200, 10_000);
        Assert.Equal(200, meter.Read(Ms(10_000)).FreezeMs);
    }

    [Fact]
    public void NothingDecodedYet_IsNoFreeze_AndNoFirstPicture()
    {
        var meter = new ReceptionMeter(TimeSpan.Zero);
        MeterReading reading = meter.Read(Ms(5000));
        Assert.Equal((0, 0), (reading.FreezeMs, reading.Frames));
        Assert.Null(meter.FirstPicture);
        Assert.False(reading.Black);
    }

    [Fact]
    public void BlackPictures_AreSeenAsBlack_OneLitPictureIsEnough()
    {
        var meter = new ReceptionMeter(TimeSpan.Zero);
        meter.OnPicture(Gray(16), null, Ms(10), Wall);
        Assert.True(meter.Read(Ms(1000)).Black);
        meter.OnPicture(Gray(16), null, Ms(1010), Wall);
        meter.OnPicture(Gray(120), null, Ms(1050), Wall);
        Assert.False(meter.Read(Ms(2000)).Black);
    }

    [Fact]
    public void FullScaleSquareWave_IsZeroDb_HalfTheTimeMissing_IsThreeLess_SilenceIsNinety()
    {
        var meter = new ReceptionMeter(TimeSpan.Zero);
        short[] loud = [.. Enumerable.Repeat(short.MinValue, 48_000)];
        meter.OnSound(MemoryMarshal.AsBytes(loud.AsSpan()));
        Assert.Equal(0, meter.Read(Ms(1000)).SoundDb, 3);
        meter.OnSound(MemoryMarshal.AsBytes(loud.AsSpan(0, 24_000)));
        Assert.Equal(-3.01, meter.Read(Ms(2000)).SoundDb, 2);
        Assert.Equal(-90, meter.Read(Ms(3000)).SoundDb);
    }

    [Fact]
    public void BurntInMoment_GivesTheDelay()
    {
        var meter = new ReceptionMeter(TimeSpan.Zero);
        byte[] picture = PatternPictures.Draw(unchecked((uint)Wall.ToUnixTimeMilliseconds()), flash: false);
        meter.OnPicture(picture, null, Ms(100), Wall.AddMilliseconds(120));
        Assert.Equal(120, meter.Read(Ms(1000)).DelayMs);
    }

    [Fact]
    public void FlashAndTone_GiveTheLipSkew()
    {
        var meter = new ReceptionMeter(TimeSpan.Zero);
        short[] second = new short[48_000];
        for (int i = 0; i < 4800; i++)
        {
            second[i] = (short)(16_000 * Math.Sin(i * Math.PI / 24));
        }

        for (int s = 0; s < 4; s++)
        {
            meter.OnSound(MemoryMarshal.AsBytes(second.AsSpan()));
            for (int f = 0; f < 25; f++)
            {
                // The picture is 40 ms late against the sound.
                meter.OnPicture(PatternPictures.Draw(1, f is >= 1 and < 4), Ms((s * 1000) + (f * 40)), Ms((s * 1000) + (f * 40)), Wall);
            }
        }

        Assert.Equal(40, meter.Read(Ms(4000)).LipSkewMs!.Value, 5.0);
    }

    private static void Play(ReceptionMeter meter, int fromMs, int toMs)
    {
        for (int at = fromMs; at < toMs; at += 40)
        {
            meter.OnPicture(Gray(90), null, Ms(at), Wall);
        }
    }

    private static byte[] Gray(byte value)
    {
        byte[] picture = new byte[PatternReader.Width * PatternReader.Height];
        picture.AsSpan().Fill(value);
        return picture;
    }

    private static TimeSpan Ms(int value) => TimeSpan.FromMilliseconds(value);
}
