using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Hub.Devices;

/// <summary>Log events 2100–2119. No code, secret or token is ever an argument here.</summary>
internal static partial class DevicesLog
{
    [LoggerMessage(2100, LogLevel.Information, "Device {DeviceId} ({Role}) enrolled for classroom {ClassroomId}, agent {AgentVersion}")]
    public static partial void Enrolled(this ILogger log, string deviceId, DeviceRole role, Guid classroomId, string agentVersion);

    [LoggerMessage(2101, LogLevel.Information, "Device {DeviceId} disabled: replaced by {NewDeviceId}")]
    public static partial void Replaced(this ILogger log, string deviceId, string newDeviceId);

    [LoggerMessage(2102, LogLevel.Warning, "An enrolment code was burnt by wrong tries")]
    public static partial void CodeBurnt(this ILogger log);

    [LoggerMessage(2103, LogLevel.Debug, "Enrolment refused: {Refusal}")]
    public static partial void EnrolmentRefused(this ILogger log, DeviceRefusal refusal);

    [LoggerMessage(2104, LogLevel.Debug, "Token refused: unknown device or wrong secret")]
    public static partial void BadCredentials(this ILogger log);

    [LoggerMessage(2105, LogLevel.Debug, "Token refused: device {DeviceId} is disabled")]
    public static partial void DisabledDeviceAsked(this ILogger log, string deviceId);
}
