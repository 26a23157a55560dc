namespace ThreeClassrooms.Hub.Hosting;

/// <summary>Log events 1000–1019.</summary>
internal static partial class HostingLog
{
    [LoggerMessage(1000, LogLevel.Error, "{File} is damaged and was set aside as {Aside}; a new one takes its place")]
    public static partial void FileSetAside(this ILogger log, string file, string aside);

    [LoggerMessage(1001, LogLevel.Information, "A certificate of the hub's own was made, good until {Until:O}; classrooms pin its key: {Pin} (the same key as before: {Renewed})")]
    public static partial void CertificateMade(this ILogger log, DateTime until, string pin, bool renewed);

    [LoggerMessage(1002, LogLevel.Error, "The hub's own key is lost with its files: every classroom with a pin must be given the new one (--pin)")]
    public static partial void CertificateKeyLost(this ILogger log);

    [LoggerMessage(1003, LogLevel.Warning, "The certificate {File} is over on {Until:O}: put a new one in its place and start the hub again")]
    public static partial void CertificateEndsSoon(this ILogger log, string file, DateTime until);

    [LoggerMessage(1004, LogLevel.Error, "The certificate {File} was over on {Until:O}: browsers and devices without a pin refuse the hub")]
    public static partial void CertificateExpired(this ILogger log, string file, DateTime until);

    [LoggerMessage(1005, LogLevel.Error, "The disk of {Folder} is full ({Free} bytes free): recordings, evidence and new lessons may be lost")]
    public static partial void DiskFull(this ILogger log, string folder, long free);

    [LoggerMessage(1006, LogLevel.Critical, "The database is damaged: {Finding}. Restore the last backup; until then nothing can be relied on")]
    public static partial void DatabaseDamaged(this ILogger log, string finding);

    [LoggerMessage(1007, LogLevel.Error, "The web pages' files are not complete: {Missing} is missing below {Folder}; install the hub anew")]
    public static partial void PagesDamaged(this ILogger log, string missing, string folder);

    [LoggerMessage(1008, LogLevel.Error, "Looking after the hub's own state failed; it is tried again")]
    public static partial void UpkeepFailed(this ILogger log, Exception fault);
}
