using System.Globalization;

namespace ThreeClassrooms.Agent.Telemetry.Readings;

/// <summary>Cameras and capture cards (V4L2), sound cards (ALSA) and screens (DRM), as the kernel lists them.</summary>
internal static class MediaDevices
{
    public static IReadOnlyList<VideoDevice> Video(MachineFiles files) =>
    [
        .. files.Names("sys/class/video4linux").Where(n => n.StartsWith("video", StringComparison.Ordinal))
            .Select(n => new VideoDevice(n, files.Text($"sys/class/video4linux/{n}/name") ?? n, files.Number($"sys/class/video4linux/{n}/index") is null or 0)),
    ];

    /// <summary>Lines such as <c> 0 [PCH            ]: HDA-Intel - HDA Intel PCH</c>, and what of them plays and records from <c>00-00: … : playback 1 : capture 1</c>.</summary>
    public static IReadOnlyList<SoundCard> Sound(MachineFiles files)
    {
        string[] devices = files.Lines("proc/asound/pcm");
        var cards = new List<SoundCard>();
        foreach (string line in files.Lines("proc/asound/cards"))
        {
            int open = line.IndexOf('[', StringComparison.Ordinal);
            int close = line.IndexOf("]:", StringComparison.Ordinal);
            if (open > 0 && close > open && int.TryParse(line[..open].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int number))
            {
                string about = line[(close + 2)..].Trim();
                int dash = about.IndexOf(" - ", StringComparison.Ordinal);
                string[] own = [.. devices.Where(d => d.StartsWith(string.Create(CultureInfo.InvariantCulture, $"{number:00}-"), StringComparison.Ordinal))];
                cards.Add(new SoundCard(
                    number, line[(open + 1)..close].Trim(), dash < 0 ? about : about[(dash + 3)..],
                    own.Any(d => d.Contains(": playback ", StringComparison.Ordinal)), own.Any(d => d.Contains(": capture ", StringComparison.Ordinal))));
            }
        }

        return cards;
    }

    /// <summary>Folders such as <c>card0-HDMI-A-1</c> with a file <c>status</c>. Null: no graphics driver lists any.</summary>
    public static IReadOnlyList<Screen>? Screens(MachineFiles files)
    {
        var screens = new List<Screen>();
        foreach (string name in files.Names("sys/class/drm"))
        {
            int dash = name.IndexOf('-', StringComparison.Ordinal);
            if (dash > 0 && name.StartsWith("card", StringComparison.Ordinal) && files.Text($"sys/class/drm/{name}/status") is { } status)
            {
                screens.Add(new Screen(name[(dash + 1)..], status == "connected"));
            }
        }

        return screens.Count > 0 ? screens : null;
    }
}
