using ThreeClassrooms.Agent.Telemetry.Readings;
using ThreeClassrooms.Agent.Tests.Enrolment;

namespace ThreeClassrooms.Agent.Tests.Telemetry;

/// <summary>The kernel's files of a classroom computer, as recorded, in a folder of its own.</summary>
internal sealed class MachineFolder : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public string Path => _folder.Path;

    public MachineFolder With(string path, string text)
    {
        string file = System.IO.Path.Combine(_folder.Path, path);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        return this;
    }

    public void Remove(string path)
    {
        string file = System.IO.Path.Combine(_folder.Path, path);
        if (Directory.Exists(file))
        {
            Directory.Delete(file, recursive: true);
        }
        else
        {
            File.Delete(file);
        }
    }

    public LinuxMachine Machine() => new(_folder.Path, _folder.Path);

    public static MachineFolder Recorded() => new MachineFolder()
        .With("proc/stat", "cpu  2823436 78232 447857 2443570 8878 0 37963 10570 5 0\ncpu0 1372869 39680 217187 1269129 1739 0 17589 5341 0 0\n")
        .With("proc/meminfo", "MemTotal:        8000000 kB\nMemFree:          500000 kB\nMemAvailable:    6000000 kB\n")
        .With("proc/cpuinfo", "processor\t: 0\nmodel name\t: Intel(R) N100\n\nprocessor\t: 1\nmodel name\t: Intel(R) N100\n")
        .With("proc/uptime", "3600.50 7000.00\n")
        .With("proc/net/route", "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n"
            + "wlan0\t00000000\t0101A8C0\t0003\t0\t0\t600\t00000000\t0\t0\t0\nenp1s0\t00000000\t010200C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\n"
            + "enp1s0\t000200C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0\n")
        .With("proc/asound/cards", " 0 [PCH            ]: HDA-Intel - HDA Intel PCH\n                      HDA Intel PCH at 0x6001100000 irq 145\n"
            + " 1 [BRIO           ]: USB-Audio - Logitech BRIO\n                      Logitech BRIO at usb-0000:00:14.0-3, super speed\n")
        .With("proc/asound/pcm", "00-00: ALC257 Analog : ALC257 Analog : playback 1 : capture 1\n00-03: HDMI 0 : HDMI 0 : playback 1\n01-00: USB Audio : USB Audio : capture 1\n")
        .With("etc/os-release", "NAME=\"Debian GNU/Linux\"\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n")
        .With("sys/class/dmi/id/sys_vendor", "LENOVO\n").With("sys/class/dmi/id/product_name", "M70q\n")
        .With("sys/class/thermal/thermal_zone0/type", "acpitz\n").With("sys/class/thermal/thermal_zone0/temp", "27800\n")
        .With("sys/class/hwmon/hwmon1/name", "coretemp\n").With("sys/class/hwmon/hwmon1/temp1_input", "51000\n").With("sys/class/hwmon/hwmon1/temp2_input", "49000\n")
        .With("sys/class/drm/card0/dev", "226:0\n").With("sys/class/drm/card0-HDMI-A-1/status", "connected\n").With("sys/class/drm/card0-DP-1/status", "disconnected\n")
        .With("sys/class/video4linux/video0/name", "Logitech BRIO\n").With("sys/class/video4linux/video0/index", "0\n")
        .With("sys/class/video4linux/video1/name", "Logitech BRIO\n").With("sys/class/video4linux/video1/index", "1\n")
        .With("sys/class/video4linux/video2/name", "USB3 HDMI Capture\n").With("sys/class/video4linux/video2/index", "0\n")
        .With("sys/block/loop0/size", "8\n")
        .With("sys/block/sda/size", "500118192\n").With("sys/block/sda/removable", "0\n").With("sys/block/sda/device/model", "SAMSUNG MZ7\n").With("sys/block/sda/device/state", "running\n")
        .With("sys/block/mmcblk0/size", "61071360\n").With("sys/block/mmcblk0/device/name", "DF4032\n").With("sys/block/mmcblk0/device/pre_eol_info", "0x01\n")
        .With("sys/block/sdb/size", "1000\n").With("sys/block/sdb/removable", "1\n");

    public void Dispose() => _folder.Dispose();
}
