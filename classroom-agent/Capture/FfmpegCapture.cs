using System.Globalization;

namespace ThreeClassrooms.Agent.Capture;

/// <summary>
/// Command line of the capturing FFmpeg: whatever the source, H.264 (constrained baseline, no look-ahead) and Opus (48 kHz, 20 ms, in-band FEC)
/// as one MPEG transport stream on standard output. One program with one clock for both keeps lips and voice together; the
/// transport stream keeps its time stamps, needs no seeking and hands over each frame at once. The sound is there a second time as plain samples
/// (<see cref="SoundMeter"/>): a few kilobytes a second that nothing but the meter reads.
/// </summary>
internal static class FfmpegCapture
{
    public static IReadOnlyList<string> Arguments(SourceSpec source, CaptureOptions options)
    {
        List<string> line = ["-hide_banner", "-nostdin", "-loglevel", "warning"];
        line.AddRange(Inputs(source, options));
        line.AddRange(source.Kind == SourceKind.Rtsp && !options.Transcode ? ["-c:v", "copy", "-bsf:v", "dump_extra=freq=keyframe"] : Video(source, options));
        line.AddRange(
        [
            "-ac", "1", "-c:a:0", "libopus", "-ar:a:0", "48000", "-b:a:0", $"{options.AudioKbps}k", "-c:a:1", "pcm_s16le", "-ar:a:1", Number(SoundMeter.SampleRate),
            "-frame_duration", "20", "-application", "voip", "-fec", "1", "-packet_loss", "5",
            // Without this a silent microphone would hold the picture back.
            "-max_interleave_delta", "200000",
            "-f", "mpegts", "-flush_packets", "1", "-muxdelay", "0", "-muxpreload", "0", "-pes_payload_size", "0", "-pat_period", "0.5", "pipe:1",
        ]);
        return line;
    }

    private static IEnumerable<string> Inputs(SourceSpec source, CaptureOptions options) => source.Kind switch
    {
        SourceKind.Test =>
        [
            "-re", "-f", "lavfi", "-i", TestPattern.Graph(options.Width, options.Height, options.FramesPerSecond), "-map", "0:v", "-map", "0:a", "-map", "0:a",
        ],
        SourceKind.File => ["-re", "-stream_loop", "-1", "-i", source.Video, "-map", "0:v:0", "-map", "0:a:0?", "-map", "0:a:0?"],
        SourceKind.Rtsp =>
        [
            // TCP where the recorder can (no lost packets on the school's network), UDP with those that cannot.
            "-fflags", "nobuffer", "-rtsp_flags", "prefer_tcp", "-timeout", "5000000", "-i", source.Video, "-map", "0:v:0", "-map", "0:a:0?", "-map", "0:a:0?",
        ],
        SourceKind.Devices =>
        [
            // Both devices are stamped with the wall clock and the stamps are kept: opening one later than the other must not shift it.
            "-thread_queue_size", "64", "-f", "v4l2", "-timestamps", "abs", "-framerate", Number(options.FramesPerSecond),
            "-video_size", $"{options.Width}x{options.Height}", "-i", source.Video,
            .. source.AudioSystem is { } system
                ? (string[])["-thread_queue_size", "512", "-f", system, "-i", source.Audio, "-map", "0:v", "-map", "1:a", "-map", "1:a", "-af", "aresample=async=1000"]
                : ["-map", "0:v"],
            "-copyts",
        ],
        SourceKind.None or SourceKind.Auto => throw new ArgumentException("Nothing to capture", nameof(source)),
    };

    private static IEnumerable<string> Video(SourceSpec source, CaptureOptions options)
    {
        string size = $"{options.Width}:{options.Height}";
        string fit = $"scale={size}:force_original_aspect_ratio=decrease,pad={size}:(ow-iw)/2:(oh-ih)/2,setsar=1,fps={options.FramesPerSecond}";
        return
        [
            "-vf", source.Kind == SourceKind.Test ? "format=yuv420p" : fit + ",format=yuv420p",
            "-c:v", "libx264", "-preset", options.Preset, "-tune", "zerolatency", "-profile:v", "baseline", "-bf", "0",
            "-g", Number(options.FramesPerSecond * options.KeyFrameSeconds), "-keyint_min", Number(options.FramesPerSecond * options.KeyFrameSeconds),
            "-sc_threshold", "0", "-b:v", $"{options.VideoKbps}k", "-maxrate", $"{options.VideoKbps}k", "-bufsize", $"{options.VideoKbps}k",
            "-threads", "1", "-x264-params", "repeat-headers=1",
        ];
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
