namespace ThreeClassrooms.Agent.Capture;

internal enum SourceKind
{
    None,

    /// <summary>The first camera and microphone of the machine; see <see cref="SourceFinder"/>.</summary>
    Auto,
    Test,
    File,
    Rtsp,
    Devices,
}

/// <summary>A capture source as the operator writes it.</summary>
/// <param name="Video">File path, RTSP address or V4L2 device.</param>
/// <param name="AudioSystem">FFmpeg's input format for <see cref="Audio"/>: alsa or pulse; null: no microphone.</param>
internal sealed record SourceSpec(SourceKind Kind, string Video = "", string? AudioSystem = null, string Audio = "")
{
    public const string Forms = "auto | none | test | file:/path | rtsp://… | v4l2:/dev/video0[+alsa:hw:0|+pulse:default]";

    /// <summary>Sound may come with the picture.</summary>
    public bool HasSound => Kind is not SourceKind.None && (Kind != SourceKind.Devices || AudioSystem is not null);

    public static bool TryParse(string text, out SourceSpec spec)
    {
        SourceSpec? read = text switch
        {
            "auto" => new SourceSpec(SourceKind.Auto),
            "none" => new SourceSpec(SourceKind.None),
            "test" => new SourceSpec(SourceKind.Test),
            _ when text.StartsWith("file:", StringComparison.Ordinal) && text.Length > 5 => new SourceSpec(SourceKind.File, text[5..]),
            _ when text.StartsWith("rtsp://", StringComparison.Ordinal) || text.StartsWith("rtsps://", StringComparison.Ordinal) => new SourceSpec(SourceKind.Rtsp, text),
            _ when text.StartsWith("v4l2:/dev/", StringComparison.Ordinal) => Devices(text[5..]),
            _ => null,
        };
        spec = read ?? new SourceSpec(SourceKind.None);
        return read is not null;
    }

    private static SourceSpec? Devices(string text)
    {
        string[] parts = text.Split('+', 2);
        if (parts.Length == 1)
        {
            return new SourceSpec(SourceKind.Devices, parts[0]);
        }

        int colon = parts[1].IndexOf(':', StringComparison.Ordinal);
        string system = colon > 0 ? parts[1][..colon] : "";
        return system is "alsa" or "pulse" && colon + 1 < parts[1].Length
            ? new SourceSpec(SourceKind.Devices, parts[0], system, parts[1][(colon + 1)..])
            : null;
    }
}
