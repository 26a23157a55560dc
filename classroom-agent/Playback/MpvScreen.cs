namespace ThreeClassrooms.Agent.Playback;

/// <summary>Where a picture goes on the classroom's screen.</summary>
internal enum ScreenPlace
{
    /// <summary>The whole screen.</summary>
    Main,

    /// <summary>A third of the screen in the lower right corner, above the main picture.</summary>
    Corner,

    /// <summary>The same in the lower left corner.</summary>
    LeftCorner,
}

/// <summary>Command lines of mpv. Every value comes from options, never from the network.</summary>
internal static class MpvScreen
{
    /// <summary>The player of one live stream on standard input: no cache, no waiting, newest picture first.</summary>
    /// <param name="hung">Its predecessor stood still: the graphics card is the last thing to be tried.</param>
    public static IReadOnlyList<string> Player(PlaybackOptions options, ScreenPlace place, string controlSocket, bool hung) =>
    [
        .. Common(options, controlSocket, HasGraphicsCard && !hung), "--profile=low-latency", "--cache=no", "--demuxer-readahead-secs=0", "--demuxer-max-bytes=8MiB",
        // Drift of the sound card's clock is taken up by speed; a lag over the bound by PlayoutPace.
        "--video-sync=audio", "--framedrop=decoder+vo", "--audio-buffer=0.04", "--untimed=no", "--hwdec=auto-safe", "--vd-lavc-threads=1",
        $"--ao={Output(options)}", "--force-window=immediate", "--keep-open=no",
        .. Place(options, place), "-",
    ];

    /// <summary>The background: black, with the waiting card as text when there is one. Always open, so that a screen is never the desktop.</summary>
    public static IReadOnlyList<string> Card(PlaybackOptions options, string controlSocket) =>
    [
        .. Common(options, controlSocket, HasGraphicsCard), "--no-audio",
        // A picture of one colour, two a second: text over it is redrawn by every output driver, over mpv's idle window not.
        .. Place(options, ScreenPlace.Main), "av://lavfi:color=c=0x101820:s=1280x720:r=2",
    ];

    private static IEnumerable<string> Common(PlaybackOptions options, string controlSocket, bool graphicsCard)
    {
        return
        [
            "--no-config", "--no-terminal", "--msg-level=all=warn", "--input-default-bindings=no", "--osc=no", "--osd-level=0", "--no-input-cursor",
            "--cursor-autohide=always", "--stop-screensaver=yes", $"--input-ipc-server={controlSocket}", $"--vo={Video(options, graphicsCard)}",
        ];
    }

    /// <summary>A card that can draw has a render node; a virtual machine's plain screen has only <c>card0</c>.</summary>
    private static bool HasGraphicsCard => Directory.Exists("/dev/dri") && Directory.EnumerateFileSystemEntries("/dev/dri", "renderD*").Any();

    /// <summary>
    /// Without a card mpv's <c>gpu</c> output looks for a screen in places where there is none and then hangs with <c>--force-window</c> (seen with 0.35);
    /// plain X11 also needs a third of the processor of OpenGL in software.
    /// </summary>
    internal static string Video(PlaybackOptions options, bool graphicsCard) =>
        options.VideoOutput != "auto" ? options.VideoOutput : graphicsCard ? "gpu,x11" : "x11,gpu";

    private static string Output(PlaybackOptions options) => options.AudioOutput == "auto" ? "pipewire,pulse,alsa,null" : options.AudioOutput;

    private static IEnumerable<string> Place(PlaybackOptions options, ScreenPlace place) => (options.Windowed, place) switch
    {
        (true, ScreenPlace.Main) => ["--no-border", "--geometry=960x540+0+0", "--autofit=960x540", "--force-window-position=yes"],
        (true, ScreenPlace.Corner) => ["--no-border", "--geometry=320x180+624+344", "--autofit=320x180", "--ontop=yes", "--force-window-position=yes"],
        (true, ScreenPlace.LeftCorner) => ["--no-border", "--geometry=320x180+16+344", "--autofit=320x180", "--ontop=yes", "--force-window-position=yes"],
        (false, ScreenPlace.Main) => ["--fullscreen=yes"],
        (false, ScreenPlace.Corner) => ["--no-border", "--geometry=32%x32%-24-24", "--ontop=yes"],
        (false, ScreenPlace.LeftCorner) => ["--no-border", "--geometry=32%x32%+24-24", "--ontop=yes"],
    };
}
