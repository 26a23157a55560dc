using System.ComponentModel.DataAnnotations;

namespace ThreeClassrooms.Agent.Playback;

/// <summary>What becomes of the streams the device watches.</summary>
internal enum PlaybackMode
{
    /// <summary>Screen for a receiving device, nothing for a main device.</summary>
    Auto,

    /// <summary>Nothing is watched.</summary>
    None,

    /// <summary>Shown through mpv; measured beside it.</summary>
    Screen,

    /// <summary>Decoded and measured without a display.</summary>
    Verify,
}

internal sealed record PlaybackOptions
{
    public PlaybackMode Mode { get; init; } = PlaybackMode.Auto;

    /// <summary>A 960×540 window instead of the full screen.</summary>
    public bool Windowed { get; init; }

    /// <summary>mpv's audio output: <c>auto</c>, <c>pulse</c>, <c>alsa</c>, <c>null</c>, …</summary>
    [RegularExpression("^[a-z0-9/:_-]{2,60}$")]
    public string AudioOutput { get; init; } = "auto";

    /// <summary>mpv's video outputs, the first that works is taken; <c>auto</c>: through the graphics card where there is one, else plain X11.</summary>
    [RegularExpression("^[a-z0-9,-]{2,60}$")]
    public string VideoOutput { get; init; } = "auto";

    /// <summary>Playback runs faster than the clock when it lags behind the line by more than this, in milliseconds; 100 to 2000.</summary>
    [Range(100, 2000)]
    public int CatchUpOverMs { get; init; } = 300;

    /// <summary>How long a lost packet is waited for, in milliseconds; 20 to 500. It is added to the delay only when packets are late.</summary>
    [Range(20, 500)]
    public int ReorderWaitMs { get; init; } = 120;

    /// <summary>The mpv program.</summary>
    [Required]
    public string Mpv { get; init; } = "mpv";
}
