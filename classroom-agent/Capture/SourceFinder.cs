using System.Globalization;
using ThreeClassrooms.Agent.Telemetry.Readings;

namespace ThreeClassrooms.Agent.Capture;

/// <summary>Finds the camera and the microphone behind <c>auto</c>. A source that is named is left as it is; a test picture is never chosen. Safe to use from anywhere.</summary>
/// <param name="read">Reads the machine.</param>
internal sealed class SourceFinder(SourceSpec wanted, Func<MachineReadings> read, TimeProvider time)
{
    private static readonly TimeSpan Keeps = TimeSpan.FromSeconds(5);

    /// <summary>Nodes of the processor's own video units, which no camera is behind.</summary>
    private static readonly string[] NoCameras = ["codec", "-isp", "rpivid", "-dec", "-enc", "m2m", "hevc", "vpu"];

    private readonly Lock _gate = new();
    private SourceSpec? _found;
    private long _foundAt;

    /// <summary>What to capture now; looked up anew every 5 s.</summary>
    public SourceSpec Now()
    {
        if (wanted.Kind != SourceKind.Auto)
        {
            return wanted;
        }

        lock (_gate)
        {
            if (_found is null || time.GetElapsedTime(_foundAt) >= Keeps)
            {
                MachineReadings machine = read();
                (_found, _foundAt) = (Of(machine.VideoDevices, machine.SoundCards, PulseRuns()), time.GetTimestamp());
            }

            return _found;
        }
    }

    /// <summary>A camera before a capture card; with it the first card that records. Without a camera: nothing.</summary>
    /// <param name="pulse">A sound server owns the cards.</param>
    internal static SourceSpec Of(IReadOnlyList<VideoDevice> video, IReadOnlyList<SoundCard> sound, bool pulse)
    {
        VideoDevice? camera = video.Where(v => v.IsFirst && !NoCameras.Any(n => v.Name.Contains(n, StringComparison.OrdinalIgnoreCase))).OrderBy(v => v.IsCard).FirstOrDefault();
        if (camera is null)
        {
            return new SourceSpec(SourceKind.None);
        }

        string device = "/dev/" + camera.Device;
        return sound.FirstOrDefault(c => c.Records) is not { } card ? new SourceSpec(SourceKind.Devices, device)
            : pulse ? new SourceSpec(SourceKind.Devices, device, "pulse", "default")
            : new SourceSpec(SourceKind.Devices, device, "alsa", string.Create(CultureInfo.InvariantCulture, $"plughw:{card.Number}"));
    }

    private static bool PulseRuns() => Environment.GetEnvironmentVariable("PULSE_SERVER") is { Length: > 0 }
        || (Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") is { Length: > 0 } own && File.Exists(Path.Combine(own, "pulse", "native")));
}
