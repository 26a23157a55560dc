namespace ThreeClassrooms.Agent.Telemetry.Readings;

/// <summary>
/// Disks from <c>/sys/block</c>. The full SMART record needs root; what everybody may read is the kernel's state of the disk and, of soldered memory (eMMC), the
/// end-of-life estimate (JEDEC JESD84-B50, PRE_EOL_INFO: 1 normal, 2 four fifths of the reserve used, 3 nearly all).
/// </summary>
internal static class Disks
{
    private static readonly string[] NoDisks = ["loop", "ram", "zram", "dm-", "md", "sr", "fd", "nbd"];

    public static IReadOnlyList<Disk> Read(MachineFiles files) =>
    [
        .. files.Names("sys/block").Where(n => !NoDisks.Any(p => n.StartsWith(p, StringComparison.Ordinal)) && !n.Contains("boot", StringComparison.Ordinal))
            .Where(n => files.Number($"sys/block/{n}/size") > 0 && files.Text($"sys/block/{n}/removable") != "1")
            .Select(n => new Disk(n, files.Text($"sys/block/{n}/device/model") ?? files.Text($"sys/block/{n}/device/name") ?? n, Wear(files, n))),
    ];

    /// <returns>Of the disk that holds a folder; null: it cannot be asked.</returns>
    public static DiskSpace? Space(string folder)
    {
        try
        {
            var drive = new DriveInfo(folder);
            return drive.TotalSize > 0 ? new DiskSpace(drive.AvailableFreeSpace, drive.TotalSize) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    private static DiskWear Wear(MachineFiles files, string disk) =>
        files.Text($"sys/block/{disk}/device/state") is "offline" or "dead" or "transport-offline" ? DiskWear.Failing
        : files.Text($"sys/block/{disk}/device/pre_eol_info") switch
        {
            "0x01" => DiskWear.Good,
            "0x02" => DiskWear.Worn,
            "0x03" => DiskWear.Failing,
            _ => DiskWear.Unknown,
        };
}
