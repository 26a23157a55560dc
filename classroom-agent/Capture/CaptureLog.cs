using Microsoft.Extensions.Logging;

namespace ThreeClassrooms.Agent.Capture;

internal static partial class CaptureLog
{
    [LoggerMessage(6001, LogLevel.Information, "Recording into {File}")]
    public static partial void RecordingStarted(this ILogger log, string file);

    [LoggerMessage(6002, LogLevel.Error, "The local recording has stopped: {Reason}")]
    public static partial void RecordingFailed(this ILogger log, string reason);

    [LoggerMessage(6003, LogLevel.Warning, "The picture cannot be looked at: {Reason}")]
    public static partial void PictureNotRead(this ILogger log, string reason);
}
