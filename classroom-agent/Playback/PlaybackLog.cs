using Microsoft.Extensions.Logging;

namespace ThreeClassrooms.Agent.Playback;

/// <summary>Log events 7001–7099. Ids are never reused.</summary>
internal static partial class PlaybackLog
{
    [LoggerMessage(7001, LogLevel.Warning, "The player of the {Place} picture hangs and is started anew")]
    public static partial void PlayerStuck(this ILogger log, ScreenPlace place);
}
