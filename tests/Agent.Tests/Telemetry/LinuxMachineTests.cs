using System.Text;
using FsCheck;
using FsCheck.Fluent;
using ThreeClassrooms.Agent.Telemetry.Readings;
using ThreeClassrooms.Agent.Tests.Enrolment;

namespace ThreeClassrooms.Agent.Tests.Telemetry;

public class LinuxMachineTests
{
    [Fact]
    public void RecordedComputer_IsReadWhole()
    {
        using MachineFolder folder = MachineFolder.Recorded();
        MachineReadings read = folder.Machine().Read();

        Assert.Equal(("Debian GNU/Linux 12 (bookworm)", "LENOVO M70q", "Intel(R) N100", 2), (read.OperatingSystem, read.Model, read.Processor, read.ProcessorCount));
        Assert.Equal((8_000_000L * 1024, 25.0), (read.MemoryBytes, read.MemoryPercent));
        Assert.Equal((51.0, "enp1s0", TimeSpan.FromSeconds(3600.5)), (read.Celsius, read.Interface, read.Uptime));
        Assert.Equal([new Screen("DP-1", false), new Screen("HDMI-A-1", true)], read.Screens);
        Assert.Equal(["video0 Logitech BRIO True", "video1 Logitech BRIO False", "video2 USB3 HDMI Capture True"], read.VideoDevices.Select(d => $"{d.Device} {d.Name} {d.IsFirst}"));
        Assert.Equal([new SoundCard(0, "PCH", "HDA Intel PCH", true, true), new SoundCard(1, "BRIO", "Logitech BRIO", false, true)], read.SoundCards);
        Assert.Equal([new Disk("mmcblk0", "DF4032", DiskWear.Good), new Disk("sda", "SAMSUNG MZ7", DiskWear.Unknown)], read.Disks);
        Assert.True(read.DataDisk is { Total: > 0 });
    }

    [Fact]
    public void EmptyMachine_GivesNoReadings_AndNoException()
    {
        using var folder = new TemporaryFolder();
        MachineReadings read = new LinuxMachine(folder.Path, Path.Combine(folder.Path, "none")).Read();

        Assert.Equal(("Linux", "", "", 0, 0L), (read.OperatingSystem, read.Model, read.Processor, read.ProcessorCount, read.MemoryBytes));
        Assert.Equal((null, null, null, null), ((double?)read.MemoryPercent, read.Celsius, read.Times, read.Interface));
        Assert.Null(read.Screens);
        Assert.Empty(read.VideoDevices);
    }

    [Fact]
    public void ThisMachine_HasAProcessorThatWorks()
    {
        MachineReadings read = new LinuxMachine("/", Path.GetTempPath()).Read();
        Assert.True(read is { Times.Busy: > 0, MemoryPercent: > 0 and < 100, ProcessorCount: > 0, DataDisk.Total: > 0 } && read.Uptime > TimeSpan.Zero);
    }

    [Fact]
    public void Load_IsTheShareOfBusyTicks()
    {
        var before = new ProcessorTimes(1000, 4000);
        Assert.Equal(25.0, new ProcessorTimes(1025, 4100).PercentSince(before));
        Assert.Null(before.PercentSince(before));
        Assert.Null(new ProcessorTimes(1, 2).PercentSince(before));
    }

    [Fact]
    public void LinkedCameraName_LeadsToItsDevice()
    {
        using MachineFolder folder = MachineFolder.Recorded().With("dev/video0", "");
        Directory.CreateDirectory(Path.Combine(folder.Path, "dev/v4l/by-id"));
        File.CreateSymbolicLink(Path.Combine(folder.Path, "dev/v4l/by-id/usb-BRIO-index0"), "../../video0");

        Assert.Equal("video0", folder.Machine().DeviceOf("/dev/v4l/by-id/usb-BRIO-index0"));
        Assert.Equal("video7", folder.Machine().DeviceOf("/dev/video7"));
    }

    [Fact]
    public void WhateverStandsInTheFiles_NothingThrows()
    {
        string[] paths =
        [
            "proc/stat", "proc/meminfo", "proc/cpuinfo", "proc/uptime", "proc/net/route", "proc/asound/cards", "proc/asound/pcm", "etc/os-release",
            "sys/class/hwmon/hwmon1/temp1_input", "sys/block/sda/size",
        ];
        using MachineFolder folder = MachineFolder.Recorded();
        Gen<string> text = Gen.OneOf(
            Gen.Elements("cpu ", "cpu  99999999999999999999 1", "cpu  9223372036854775807 9223372036854775807 1", "MemTotal: 99999999999999999 kB", "MemTotal:\nMemAvailable: -1 kB", " 0 []: ", "]:[", "9e99", "a\t00000000"),
            ArbMap.Default.GeneratorFor<byte[]>().Select(b => Encoding.Latin1.GetString(b)));
        Prop.ForAll(Gen.Elements(paths).Zip(text).ToArbitrary(), t =>
        {
            folder.With(t.Item1, t.Item2);
            Assert.NotNull(folder.Machine().Read());
        }).QuickCheckThrowOnFailure();
    }
}
