using System.Globalization;

namespace ThreeClassrooms.Agent.Telemetry.Readings;

/// <summary>Reads this machine. Takes some milliseconds; nothing throws, nothing needs root.</summary>
/// <param name="root"><c>/</c>, or a folder of recorded files.</param>
/// <param name="data">The agent's data folder, whose disk is watched.</param>
internal sealed class LinuxMachine(string root, string data)
{
    private readonly MachineFiles _files = new(root);

    public MachineReadings Read()
    {
        (string processor, int count) = Processor();
        return new MachineReadings(
            OperatingSystem(), Model(), processor, count, Memory("MemTotal:") ?? 0, Memory("MemAvailable:"), ProcessorTimes.Read(_files), Sensors.Celsius(_files),
            Disks.Space(data), Disks.Read(_files), MediaDevices.Screens(_files), MediaDevices.Video(_files), MediaDevices.Sound(_files), Interface(), Uptime());
    }

    /// <summary>The kernel's device behind a path as operators write it, through udev's links: <c>/dev/v4l/by-id/…</c> is <c>video0</c>.</summary>
    public string DeviceOf(string path) => _files.Target(path.TrimStart('/'));

    private string OperatingSystem()
    {
        string[] lines = _files.Lines("etc/os-release");
        return Named("PRETTY_NAME=") ?? Named("NAME=") ?? "Linux";

        string? Named(string key) => lines.FirstOrDefault(l => l.StartsWith(key, StringComparison.Ordinal))?[key.Length..].Trim().Trim('"', '\'');
    }

    /// <summary>From the firmware's tables (DMI), or the device tree of small boards. Never a serial number.</summary>
    private string Model()
    {
        string?[] words = [_files.Text("sys/class/dmi/id/sys_vendor"), _files.Text("sys/class/dmi/id/product_name")];
        string model = string.Join(' ', words.Where(w => !string.IsNullOrEmpty(w)));
        return model.Length > 0 ? model : _files.Text("proc/device-tree/model") ?? _files.Text("sys/firmware/devicetree/base/model") ?? "";
    }

    private (string Name, int Count) Processor()
    {
        (string name, int count) = ("", 0);
        foreach (string line in _files.Lines("proc/cpuinfo"))
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0)
            {
                string key = line[..colon].Trim();
                count += key == "processor" ? 1 : 0;
                name = name.Length == 0 && key is ("model name" or "Model" or "Hardware") ? line[(colon + 1)..].Trim() : name;
            }
        }

        return (name, count);
    }

    /// <summary>Lines such as <c>MemTotal:       24684084 kB</c>.</summary>
    private long? Memory(string key) =>
        _files.Lines("proc/meminfo").FirstOrDefault(l => l.StartsWith(key, StringComparison.Ordinal)) is { } line
        && long.TryParse(line[key.Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out long kib)
        && kib < long.MaxValue / 1024 ? kib * 1024 : null;

    /// <summary>The second column of <c>/proc/net/route</c> is the destination: zero is the default route; the seventh the metric: the least counts.</summary>
    private string? Interface() =>
        (from line in _files.Lines("proc/net/route").Skip(1)
         let columns = line.Split('\t', StringSplitOptions.TrimEntries)
         where columns.Length > 7 && columns[1] == "00000000" && columns[7] == "00000000"
         orderby int.TryParse(columns[6], NumberStyles.None, CultureInfo.InvariantCulture, out int metric) ? metric : int.MaxValue
         select columns[0]).FirstOrDefault();

    private TimeSpan Uptime() =>
        double.TryParse(_files.Text("proc/uptime")?.Split(' ')[0], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds) && seconds < 1e10
            ? TimeSpan.FromSeconds(seconds)
            : TimeSpan.FromMilliseconds(Environment.TickCount64);
}
