namespace ThreeClassrooms.Agent.Telemetry.Readings;

/// <summary>What a machine says of itself at one moment. Null and empty: it gives no such reading.</summary>
/// <param name="Times">Since the machine started; two of them make a load.</param>
/// <param name="MemoryFree">Available to programs, bytes.</param>
/// <param name="DataDisk">The disk that holds the data folder.</param>
/// <param name="Screens">Null: the machine lists no connectors.</param>
/// <param name="Interface">Name of the network interface with the default route; null: no route.</param>
/// <param name="Uptime">Since the machine started.</param>
internal sealed record MachineReadings(
    string OperatingSystem, string Model, string Processor, int ProcessorCount, long MemoryBytes, long? MemoryFree, ProcessorTimes? Times, double? Celsius,
    DiskSpace? DataDisk, IReadOnlyList<Disk> Disks, IReadOnlyList<Screen>? Screens, IReadOnlyList<VideoDevice> VideoDevices, IReadOnlyList<SoundCard> SoundCards,
    string? Interface, TimeSpan Uptime)
{
    /// <returns>0 to 100.</returns>
    public double? MemoryPercent => MemoryBytes > 0 && MemoryFree is { } free ? Math.Clamp(100.0 * (MemoryBytes - free) / MemoryBytes, 0, 100) : null;
}

/// <summary>Free to this user, bytes.</summary>
internal sealed record DiskSpace(long Free, long Total)
{
    public double FreePercent => Total > 0 ? 100.0 * Free / Total : 0;
}

/// <param name="Wear">What can be known without root of the disk's own opinion of itself.</param>
internal sealed record Disk(string Device, string Model, DiskWear Wear);

internal enum DiskWear
{
    Unknown,
    Good,

    /// <summary>Most of its reserve is used up.</summary>
    Worn,

    /// <summary>Its reserve is used up, or the kernel has taken it out of use.</summary>
    Failing,
}

/// <param name="Connector">As the kernel names it: <c>HDMI-A-1</c>.</param>
internal sealed record Screen(string Connector, bool Connected);

/// <param name="Device"><c>video0</c>.</param>
/// <param name="IsFirst">Of a camera that has several devices (pictures, then their descriptions).</param>
internal sealed record VideoDevice(string Device, string Name, bool IsFirst)
{
    /// <summary>Names under which capture cards report themselves; else a video device is a camera.</summary>
    private static readonly string[] CaptureCards = ["HDMI", "Capture", "Cam Link", "Magewell", "SDI"];

    /// <summary>Takes another machine's picture, slides most likely.</summary>
    public bool IsCard => CaptureCards.Any(c => Name.Contains(c, StringComparison.OrdinalIgnoreCase));
}

internal sealed record SoundCard(int Number, string Id, string Name, bool Plays, bool Records);
