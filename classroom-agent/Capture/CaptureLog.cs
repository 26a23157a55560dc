using Microsoft.Extensions.Logging;

namespace ThreeClassrooms.Agent.Capture;

internal static partial class CaptureLog
{
    [LoggerMessage(6001, LogLevel.Information, "Recording into {File}")]
    public static partial void RecordingStarted(this ILogger log, string file);

    [LoggerMessage(6002, LogLevel.Error, "The local recording has stopped: {Reason}")]
    public static partial void RecordingFailed(this ILogger log, string reason);

    [LoggerMessage(6004, LogLevel.Information, "Camera and microphone are open: {Reason}")]
    public static partial void CaptureOpened(this ILogger log, CaptureReason reason);

    [LoggerMessage(6005, LogLevel.Information, "Camera and microphone are closed")]
    public static partial void CaptureClosed(this ILogger log);

    [LoggerMessage(6006, LogLevel.Error, "The camera does not send H.264, which lessons need: set the camera to H.264, or Agent:Capture:Transcode to true")]
    public static partial void PictureNotH264(this ILogger log);

    [LoggerMessage(6008, LogLevel.Information, "Found to capture: {Camera}, {Microphone}")]
    public static partial void SourceFound(this ILogger log, string camera, string microphone);

    [LoggerMessage(6007, LogLevel.Information, "Recording has ended")]
    public static partial void RecordingEnded(this ILogger log);

    [LoggerMessage(6003, LogLevel.Warning, "The picture cannot be looked at: {Reason}")]
    public static partial void PictureNotRead(this ILogger log, string reason);
}
