using System.ComponentModel.DataAnnotations;

namespace ThreeClassrooms.Agent.Capture;

/// <summary>What the device captures and how it is encoded.</summary>
internal sealed record CaptureOptions
{
    /// <summary>
    /// <c>auto</c>: the first camera and microphone of the machine · <c>test</c>: a test picture · <c>none</c> · <c>file:/path</c> (looped) · <c>rtsp://…</c> · <c>v4l2:/dev/video0+alsa:hw:0</c> · <c>v4l2:/dev/video0+pulse:default</c>;
    /// see <see cref="SourceSpec"/>.
    /// </summary>
    [Required]
    public string Source { get; init; } = "auto";

    /// <summary>Encoded width in pixels, even; 160 to 1920. Sources that are copied keep their own.</summary>
    [Range(160, 1920)]
    public int Width { get; init; } = 640;

    /// <summary>Encoded height in pixels, even; 90 to 1080.</summary>
    [Range(90, 1080)]
    public int Height { get; init; } = 360;

    /// <summary>Frames per second, 5 to 60.</summary>
    [Range(5, 60)]
    public int FramesPerSecond { get; init; } = 25;

    /// <summary>Video bit rate in kbit/s, 100 to 8000; never exceeded by more than a second's worth.</summary>
    [Range(100, 8000)]
    public int VideoKbps { get; init; } = 800;

    /// <summary>Audio bit rate in kbit/s, 16 to 128.</summary>
    [Range(16, 128)]
    public int AudioKbps { get; init; } = 32;

    /// <summary>
    /// Seconds between key frames, 1 or 2. FFmpeg cannot be asked for a key frame from outside (a PLI has no way in),
    /// so a short distance is what lets a newcomer, or one who lost packets, see a picture soon.
    /// </summary>
    [Range(1, 2)]
    public int KeyFrameSeconds { get; init; } = 1;

    /// <summary>x264 preset: speed against quality.</summary>
    [AllowedValues("ultrafast", "superfast", "veryfast", "faster", "fast")]
    public string Preset { get; init; } = "ultrafast";

    /// <summary>The camera shows something that may stand still, as slides from a recorder over HDMI do: it is never called frozen.</summary>
    public bool StandsStill { get; init; }

    /// <summary>A network camera's pictures are encoded anew, at the cost of a core or more; for cameras that cannot be set to H.264.</summary>
    public bool Transcode { get; init; }

    /// <summary>The FFmpeg program.</summary>
    [Required]
    public string Ffmpeg { get; init; } = "ffmpeg";
}
