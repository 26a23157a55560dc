using Microsoft.Extensions.Logging;

namespace ThreeClassrooms.Agent.Playback;

/// <summary>What every watched stream of the device shares.</summary>
/// <param name="Sockets">A folder that only the agent may enter, for its children's sockets.</param>
/// <param name="Stats">Gets one line per second and stream; null: not wanted.</param>
/// <param name="HubNow">The hub's time.</param>
internal sealed record PlaybackSetting(
    PlaybackOptions Options, string Ffmpeg, string Sockets, StatsFile? Stats, Func<DateTimeOffset> HubNow, TimeProvider Time, ILogger Log)
{
    /// <summary>What is written over whatever the screen shows.</summary>
    public ScreenNotices Notices { get; } = new(Time);
}

/// <summary>The figures of one second of a watched stream.</summary>
/// <param name="DelayMs">From the burnt-in moment to the decoded picture; null without the test pattern.</param>
/// <param name="LipSkewMs">Picture minus sound; null without the test pattern.</param>
/// <param name="FirstPictureMs">From the hub's answer to the first decoded picture; null before it.</param>
internal sealed record StatsLine(
    DateTimeOffset At, string StreamId, double Fps, int Frames, double? DelayMs, double? LipSkewMs, double SoundDb, int FreezeMs, bool Black,
    double? FirstPictureMs, double? LossPercent, double? RoundTripMs, long? Packets, long? Recovered, bool? OverTcp);

/// <summary>Appends lines to a file, each at once whole. Safe to call from anywhere.</summary>
internal sealed class StatsFile(string path)
{
    private readonly Lock _gate = new();

    public void Append(string line)
    {
        lock (_gate)
        {
            File.AppendAllText(path, line + "\n");
        }
    }
}
