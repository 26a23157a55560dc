using FsCheck;
using FsCheck.Fluent;
using ThreeClassrooms.Agent.Capture;
using ThreeClassrooms.Agent.Playback;
using ThreeClassrooms.Agent.Telemetry;
using ThreeClassrooms.Agent.Telemetry.Readings;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Tests.Telemetry;

public class PartJudgeTests
{
    private static readonly HubDistance Near = new(TimeSpan.FromMilliseconds(-40), TimeSpan.FromMilliseconds(30));
    private static readonly Flows Unknown = new(null, null, null);
    private static readonly HashSet<FaultKind> None = [];

    [Fact]
    public void CompleteClassroom_HasNoFault()
    {
        using MachineFolder folder = MachineFolder.Recorded();
        IReadOnlyList<PartReport> parts = Judge(folder, Wanted("v4l2:/dev/video0+alsa:hw:1,0", PlaybackMode.Screen));

        Assert.Empty(PartJudge.Faults(parts.Where(p => p.Id != "data")));
        Assert.Equal(parts.Count, parts.Select(p => p.Id).Distinct().Count());
        Assert.Equal("Logitech BRIO", parts.Single(p => p.Id == "camera").Name);
        Assert.Contains(parts, p => p is { Kind: PartKind.CaptureCard, Name: "USB3 HDMI Capture", Status: PartStatus.Ok });
    }

    [Theory]
    [InlineData("sys/class/video4linux", FaultKind.CameraMissing)]
    [InlineData("proc/asound/pcm", FaultKind.MicrophoneMissing)]
    [InlineData("proc/asound/pcm", FaultKind.LoudspeakerMissing)]
    public void PulledPart_IsMissing(string path, FaultKind fault)
    {
        using MachineFolder folder = MachineFolder.Recorded();
        folder.Remove(path);
        PartReport part = Assert.Single(Judge(folder, Wanted("v4l2:/dev/video0+alsa:plughw:CARD=BRIO,DEV=0", PlaybackMode.Screen)), p => p.Fault == fault);
        Assert.Equal(PartStatus.Missing, part.Status);
    }

    [Fact]
    public void PulledScreen_IsMissing_OnlyWhereLessonsAreShown()
    {
        using MachineFolder folder = MachineFolder.Recorded().With("sys/class/drm/card0-HDMI-A-1/status", "disconnected\n");
        Assert.Contains(FaultKind.DisplayMissing, PartJudge.Faults(Judge(folder, Wanted("none", PlaybackMode.Screen))));
        Assert.DoesNotContain(FaultKind.DisplayMissing, PartJudge.Faults(Judge(folder, Wanted("none", PlaybackMode.None))));
    }

    [Theory]
    [InlineData("test")]
    [InlineData("none")]
    [InlineData("file:/lesson.mp4")]
    [InlineData("rtsp://camera/1")]
    public void PartsThatTheSettingsDoNotUse_AreNotMissing(string source)
    {
        using MachineFolder folder = MachineFolder.Recorded();
        foreach (string path in new[] { "sys/class/video4linux", "proc/asound", "sys/class/drm" })
        {
            folder.Remove(path);
        }

        Assert.DoesNotContain(Judge(folder, Wanted(source, PlaybackMode.None)), p => p.Status is PartStatus.Missing or PartStatus.Failed);
    }

    [Fact]
    public void OtherSoundCard_IsNotTheWantedMicrophone()
    {
        using MachineFolder folder = MachineFolder.Recorded().With("proc/asound/cards", " 0 [PCH            ]: HDA-Intel - HDA Intel PCH\n");
        Assert.Contains(FaultKind.MicrophoneMissing, PartJudge.Faults(Judge(folder, Wanted("v4l2:/dev/video0+alsa:hw:BRIO", PlaybackMode.None))));
        Assert.DoesNotContain(FaultKind.MicrophoneMissing, PartJudge.Faults(Judge(folder, Wanted("v4l2:/dev/video0+alsa:default", PlaybackMode.None))));
    }

    [Fact]
    public void ListedCameraWithoutPictures_HasFailed_AndAFlowingOneIsWell_WhateverIsListed()
    {
        using MachineFolder folder = MachineFolder.Recorded();
        PartExpectations wanted = Wanted("v4l2:/dev/video0+alsa:hw:1", PlaybackMode.None);
        Assert.Equal(PartStatus.Failed, Camera(PartJudge.Judge(folder.Machine().Read(), wanted, new Flows(false, true, null), Near, None)));
        folder.Remove("sys/class/video4linux");
        Assert.Equal(PartStatus.Ok, Camera(PartJudge.Judge(folder.Machine().Read(), wanted, new Flows(true, true, null), Near, None)));
        Assert.Equal(PartStatus.Missing, Camera(PartJudge.Judge(folder.Machine().Read(), wanted, new Flows(false, false, null), Near, None)));
    }

    [Theory]
    [InlineData("v4l2:/dev/video0+alsa:hw:1")]
    [InlineData("rtsp://10.0.0.9/1")]
    public void BlackAndFrozenPictures_AreTheCamerasFault_WhereverItIs(string source)
    {
        using MachineFolder folder = MachineFolder.Recorded();
        MachineReadings read = folder.Machine().Read();
        PartExpectations wanted = Wanted(source, PlaybackMode.None);
        PartReport black = PartJudge.Judge(read, wanted, new Flows(true, true, null, new PictureFault(FaultKind.PictureBlack)), Near, None).Single(p => p.Id == "camera");
        Assert.Equal((PartKind.Camera, PartStatus.Failed, FaultKind.PictureBlack), (black.Kind, black.Status, black.Fault!.Value));
        PartReport frozen = PartJudge.Judge(read, wanted, new Flows(true, true, null, new PictureFault(FaultKind.PictureFrozen, 900)), Near, None).Single(p => p.Id == "camera");
        Assert.Equal((FaultKind.PictureFrozen, 900.0), (frozen.Fault!.Value, frozen.Value!.Value));
        Assert.DoesNotContain(PartJudge.Judge(read, wanted, new Flows(true, true, null), Near, None), p => p.Id == "camera" && p.Fault is not null);
    }

    [Fact]
    public void LostRecording_AndAClosedLesson_AreSaidWhileTheyHold()
    {
        using MachineFolder folder = MachineFolder.Recorded();
        MachineReadings read = folder.Machine().Read();
        PartExpectations wanted = Wanted("test", PlaybackMode.None);
        Assert.Equal(
            [FaultKind.RecordingFailed, FaultKind.JoinFailed], PartJudge.Faults(PartJudge.Judge(read, wanted, new Flows(true, true, null, null, false, true), Near, None)).Order());
        Assert.Empty(PartJudge.Faults(PartJudge.Judge(read, wanted, new Flows(true, true, null, null, true), Near, None)));
    }

    [Fact]
    public void ListedMicrophonePulled_WithNoSound_IsMissing()
    {
        using MachineFolder folder = MachineFolder.Recorded();
        folder.Remove("proc/asound");
        IReadOnlyList<PartReport> parts = PartJudge.Judge(
            folder.Machine().Read(), Wanted("v4l2:/dev/video0+alsa:hw:1", PlaybackMode.None), new Flows(true, false, null), Near, None);
        Assert.Contains(parts, p => p is { Id: "microphone", Status: PartStatus.Missing });
    }

    [Theory]
    [InlineData(84.9, false, false)]
    [InlineData(85, false, true)]
    [InlineData(81, true, true)]
    [InlineData(80, true, false)]
    public void HotProcessor_IsWellAgainOnlyWhenItIsCooler(double celsius, bool before, bool hot)
    {
        using MachineFolder folder = MachineFolder.Recorded();
        MachineReadings read = folder.Machine().Read() with { Celsius = celsius };
        IReadOnlyList<PartReport> parts = PartJudge.Judge(read, Wanted("none", PlaybackMode.None), Unknown, Near, before ? new HashSet<FaultKind> { FaultKind.ProcessorHot } : None);
        Assert.Equal(hot ? celsius : null, parts.Single(p => p.Kind == PartKind.Processor).Value);
        Assert.Equal(hot, PartJudge.Faults(parts).Contains(FaultKind.ProcessorHot));
    }

    [Fact]
    public void FullDisk_FullMemory_ClockOff_WornDisk_AreSaidWithTheirReadings()
    {
        using MachineFolder folder = MachineFolder.Recorded().With("sys/block/mmcblk0/device/pre_eol_info", "0x03\n");
        MachineReadings read = folder.Machine().Read() with { DataDisk = new DiskSpace(9, 100), MemoryFree = 0 };
        IReadOnlyList<PartReport> parts = PartJudge.Judge(
            read, Wanted("none", PlaybackMode.None), Unknown, new HubDistance(TimeSpan.FromSeconds(-3), TimeSpan.FromMilliseconds(500)), None);

        Assert.Contains(parts, p => p is { Id: "data", Fault: FaultKind.DiskNearlyFull, Value: 9 });
        Assert.Contains(parts, p => p is { Fault: FaultKind.MemoryFull, Value: 100 });
        Assert.Contains(parts, p => p is { Fault: FaultKind.ClockOff, Value: -3000 });
        Assert.Contains(parts, p => p is { Fault: FaultKind.NetworkPoor, Value: 500 });
        Assert.Contains(parts, p => p is { Id: "disk:/dev/mmcblk0", Status: PartStatus.Failed, Fault: FaultKind.DiskFailing });
    }

    [Fact]
    public void AbsentParts_HaveNoFault_AndEveryFaultHasItsStatus()
    {
        using MachineFolder folder = MachineFolder.Recorded();
        folder.Remove("sys/class/video4linux");
        folder.Remove("proc/asound");
        MachineReadings bare = folder.Machine().Read();
        var cases = from absent in ArbMap.Default.GeneratorFor<PartKind[]>()
                    from celsius in Gen.Choose(0, 120)
                    from free in Gen.Choose(0, 100)
                    select (absent, celsius, free);
        Prop.ForAll(cases.ToArbitrary(), c =>
        {
            PartExpectations wanted = Wanted("v4l2:/dev/video0+pulse:default", PlaybackMode.Screen) with { Absent = c.absent.ToHashSet() };
            IReadOnlyList<PartReport> parts = PartJudge.Judge(
                bare with { Celsius = c.celsius, DataDisk = new DiskSpace(c.free, 100) }, wanted, new Flows(false, false, false), Near, None);
            Assert.All(parts, p => Assert.Equal(p.Fault is not null, p.Status is PartStatus.Warning or PartStatus.Failed or PartStatus.Missing));
            Assert.All(parts.Where(p => c.absent.Contains(p.Kind)), p => Assert.Equal(PartStatus.Absent, p.Status));
        }).QuickCheckThrowOnFailure();
    }

    private static PartStatus Camera(IReadOnlyList<PartReport> parts) => parts.Single(p => p.Id == "camera").Status;

    private static IReadOnlyList<PartReport> Judge(MachineFolder folder, PartExpectations wanted) => PartJudge.Judge(folder.Machine().Read(), wanted, Unknown, Near, None);

    private static PartExpectations Wanted(string source, PlaybackMode playback)
    {
        Assert.True(SourceSpec.TryParse(source, out SourceSpec spec));
        return PartExpectations.Of(spec, spec, playback, "auto", p => Path.GetFileName(p));
    }
}
