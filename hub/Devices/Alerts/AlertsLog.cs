namespace ThreeClassrooms.Hub.Devices.Alerts;

internal static partial class AlertsLog
{
    [LoggerMessage(2400, LogLevel.Error, "A step of the alerts failed; it is taken again")]
    public static partial void StepFailed(this ILogger<AlertLoop> log, Exception fault);

    [LoggerMessage(2401, LogLevel.Information, "Alert {Kind} {Fingerprint}: {Happening} ({Severity})")]
    public static partial void Happened(this ILogger<AlertLoop> log, AlertKind kind, string fingerprint, AlertEventKind happening, AlertSeverity severity);

    [LoggerMessage(2402, LogLevel.Information, "Notice {Kind} of {Group}: {Active} going on, {Over} over")]
    public static partial void Noticed(this ILogger<AlertLoop> log, NoticeKind kind, string group, int active, int over);
}
