using FsCheck;
using FsCheck.Fluent;
using ThreeClassrooms.Agent.Capture;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Tests.Capture;

public sealed class PictureJudgeTests
{
    private const int Points = 160 * 90;
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(30);

    private readonly Random _random = new(7);
    private TimeSpan _now;

    [Fact]
    public void DarkPicture_IsBlackAtTheSecondLook_AndGoesWithTheLight()
    {
        var judge = new PictureJudge(mayFreeze: true);
        Assert.Null(Look(judge, Scene(2, noise: 1)));
        Assert.Equal(new PictureFault(FaultKind.PictureBlack), Look(judge, Scene(2, noise: 1)));
        Assert.Null(Look(judge, Scene(90, noise: 3)));
        Assert.Null(Look(judge, Scene(2, noise: 1)));
    }

    [Fact]
    public void NoisyDark_AndDarkWithTheCamerasClockInIt_AreBlack()
    {
        var judge = new PictureJudge(mayFreeze: true);
        byte[] clock = Scene(4, noise: 2);
        clock.AsSpan(100, 100).Fill(235);
        Look(judge, Scene(14, noise: 8));
        Assert.Equal(FaultKind.PictureBlack, Look(judge, Scene(14, noise: 8))?.Fault);
        Assert.Equal(FaultKind.PictureBlack, Look(judge, clock)?.Fault);
    }

    [Fact]
    public void DarkSlideWithText_IsNotBlack()
    {
        var judge = new PictureJudge(mayFreeze: false);
        byte[] slide = Scene(3, noise: 0);
        slide.AsSpan(2000, 700).Fill(220);
        for (int i = 0; i < 10; i++)
        {
            Assert.Null(Look(judge, slide));
        }
    }

    [Fact]
    public void PictureThatStandsStill_IsFrozenAfterItsTime_WithTheTime()
    {
        var judge = new PictureJudge(mayFreeze: true);
        byte[] scene = Scene(100, noise: 20);
        for (int i = 0; i < 20; i++)
        {
            Assert.Null(Look(judge, Again(scene)));
        }

        Assert.Equal(new PictureFault(FaultKind.PictureFrozen, 600), Look(judge, Again(scene)));
        Assert.Equal(630, Look(judge, Again(scene))?.Seconds);
        Assert.Null(Look(judge, Scene(100, noise: 20))); // it moves again
    }

    [Fact]
    public void NoiseOfACamera_AndOnePersonWhoStirs_AreNoFrozenPicture()
    {
        byte[] room = Scene(100, noise: 20);
        var empty = new PictureJudge(mayFreeze: true);
        var still = new PictureJudge(mayFreeze: true);
        for (int i = 0; i < 60; i++)
        {
            Assert.Null(Look(empty, Noisy(room, 2)));
            byte[] stirred = Again(room);
            stirred.AsSpan(5000 + (i * 7), 90).Fill((byte)(i % 2 == 0 ? 30 : 200));
            Assert.Null(Look(still, stirred));
        }
    }

    [Fact]
    public void FilmOrSlide_NeverFreezes_AndALessonsEndForgets()
    {
        var slide = new PictureJudge(mayFreeze: false);
        var camera = new PictureJudge(mayFreeze: true);
        byte[] scene = Scene(120, noise: 30);
        for (int i = 0; i < 60; i++)
        {
            Assert.Null(Look(slide, scene));
            if (i % 8 == 0)
            {
                camera.Reset();
            }

            Assert.Null(Look(camera, scene));
        }
    }

    [Fact]
    public void PicturesOfAnySizeAndKind_AreJudgedWithoutHarm() => Prop.ForAll(
        ArbMap.Default.ArbFor<byte[][]>(),
        pictures =>
        {
            var judge = new PictureJudge(mayFreeze: true);
            foreach (byte[] picture in pictures)
            {
                judge.On(picture ?? [], _now += Step);
            }
        }).QuickCheckThrowOnFailure();

    private PictureFault? Look(PictureJudge judge, byte[] gray)
    {
        _now += Step;
        return judge.On(gray, _now);
    }

    private byte[] Scene(int luma, int noise) => [.. Enumerable.Range(0, Points).Select(_ => (byte)Math.Clamp(luma + _random.Next(-noise, noise + 1), 0, 255))];

    /// <summary>The same picture, encoded again: a few points are one off.</summary>
    private byte[] Again(byte[] scene) => [.. scene.Select(v => (byte)Math.Clamp(v + (_random.Next(3) == 0 ? _random.Next(-1, 2) : 0), 0, 255))];

    private byte[] Noisy(byte[] scene, int noise) => [.. scene.Select(v => (byte)Math.Clamp(v + _random.Next(-noise, noise + 1), 0, 255))];
}
