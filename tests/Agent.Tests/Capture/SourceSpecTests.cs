using ThreeClassrooms.Agent.Capture;

namespace ThreeClassrooms.Agent.Tests.Capture;

public class SourceSpecTests
{
    [Theory]
    [InlineData("test", SourceKind.Test)]
    [InlineData("none", SourceKind.None)]
    [InlineData("file:/media/a b.mkv", SourceKind.File)]
    [InlineData("rtsp://user:pw@10.0.0.9/main", SourceKind.Rtsp)]
    [InlineData("v4l2:/dev/video0", SourceKind.Devices)]
    [InlineData("v4l2:/dev/video0+alsa:hw:1,0", SourceKind.Devices)]
    [InlineData("v4l2:/dev/video2+pulse:default", SourceKind.Devices)]
    public void KnownForms_AreRead(string text, object kind)
    {
        Assert.True(SourceSpec.TryParse(text, out SourceSpec spec));
        Assert.Equal((SourceKind)kind, spec.Kind);
    }

    [Theory]
    [InlineData("")]
    [InlineData("file:")]
    [InlineData("http://x")]
    [InlineData("v4l2:/etc/passwd")]
    [InlineData("v4l2:/dev/video0+oss:x")]
    [InlineData("v4l2:/dev/video0+alsa:")]
    public void OtherTexts_AreRefused(string text) => Assert.False(SourceSpec.TryParse(text, out _));

    [Fact]
    public void DevicesName_MayContainColons()
    {
        _ = SourceSpec.TryParse("v4l2:/dev/video0+alsa:hw:1,0", out SourceSpec spec);
        Assert.Equal(("/dev/video0", "alsa", "hw:1,0"), (spec.Video, spec.AudioSystem, spec.Audio));
    }

    [Fact]
    public void RecordersPicture_IsCopied_OthersAreEncodedWithAShortGroupOfPictures()
    {
        _ = SourceSpec.TryParse("rtsp://h/x", out SourceSpec recorder);
        _ = SourceSpec.TryParse("file:/a.mkv", out SourceSpec file);
        Assert.Contains("copy", FfmpegCapture.Arguments(recorder, new CaptureOptions()));
        IReadOnlyList<string> encoded = FfmpegCapture.Arguments(file, new CaptureOptions { FramesPerSecond = 30, KeyFrameSeconds = 2 });
        Assert.Equal("60", encoded[encoded.ToList().IndexOf("-g") + 1]);
        Assert.DoesNotContain("copy", encoded);
    }
}
