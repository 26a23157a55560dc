using ThreeClassrooms.Agent.Capture;
using ThreeClassrooms.Agent.Telemetry.Readings;

namespace ThreeClassrooms.Agent.Tests.Capture;

public sealed class SourceFinderTests
{
    private static readonly VideoDevice Camera = new("video2", "HD Pro Webcam C920", true);
    private static readonly SoundCard Speaker = new(0, "PCH", "HDA Intel PCH", true, false);
    private static readonly SoundCard Microphone = new(1, "C920", "HD Pro Webcam C920", false, true);

    [Fact]
    public void FirstCameraAndMicrophone_AreFound() => Assert.Equal(
        new SourceSpec(SourceKind.Devices, "/dev/video2", "alsa", "plughw:1"),
        SourceFinder.Of([new VideoDevice("video10", "bcm2835-codec-decode", true), new VideoDevice("video0", "Cam Link 4K", true), Camera, Camera with { Device = "video3", IsFirst = false }], [Speaker, Microphone], pulse: false));

    [Fact]
    public void CaptureCard_ServesWhereThereIsNoCamera_AndTheSoundServerWhereOneRuns() => Assert.Equal(
        new SourceSpec(SourceKind.Devices, "/dev/video0", "pulse", "default"), SourceFinder.Of([new VideoDevice("video0", "Cam Link 4K", true)], [Microphone], pulse: true));

    [Fact]
    public void WithoutMicrophone_ThePictureAlone() =>
        Assert.Equal(new SourceSpec(SourceKind.Devices, "/dev/video2"), SourceFinder.Of([Camera], [Speaker], pulse: true));

    [Fact]
    public void WithoutCamera_Nothing_AndNeverATestPicture() => Assert.Equal(SourceKind.None, SourceFinder.Of([], [Microphone], pulse: false).Kind);

    [Fact]
    public void InstalledDevice_LooksForItsOwnCamera() => Assert.Equal("auto", new CaptureOptions().Source);
}
