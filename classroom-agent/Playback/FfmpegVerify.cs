namespace ThreeClassrooms.Agent.Playback;

/// <summary>Command line of the verifying FFmpeg: Matroska in on standard input; small gray pictures out on standard output, their presentation times and the sound on sockets.</summary>
internal static class FfmpegVerify
{
    public static IReadOnlyList<string> Arguments(string timesSocket, string soundSocket) =>
    [
        // No "-fflags nobuffer": it throws away what was read while probing, which for VP8 is the key frame.
        "-hide_banner", "-loglevel", "warning", "-flags", "low_delay", "-probesize", "32", "-analyzeduration", "0", "-fpsprobesize", "0",
        // One thread: frame threads would hold back as many pictures as there are threads.
        // No new filters when a browser changes its resolution: scale follows by itself, and the times' socket would be left behind.
        "-threads", "1", "-reinit_filter", "0", "-f", "matroska", "-i", "pipe:0",
        "-map", "0:v",
        "-vf", $"scale={PatternReader.Width}:{PatternReader.Height}:flags=area,format=gray,metadata=mode=add:key=t:value=1,metadata=mode=print:direct=1:file=unix\\\\:{timesSocket}",
        "-fps_mode", "passthrough", "-enc_time_base", "-1", "-threads", "1", "-f", "rawvideo", "-flush_packets", "1", "pipe:1",
        "-map", "0:a?", "-af", "aresample=48000:async=1:min_hard_comp=0.015:first_pts=0", "-ac", "1", "-f", "s16le", "-flush_packets", "1", $"unix:{soundSocket}",
    ];
}
