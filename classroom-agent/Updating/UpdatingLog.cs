using Microsoft.Extensions.Logging;
using ThreeClassrooms.Agent.Enrolment;

namespace ThreeClassrooms.Agent.Updating;

/// <summary>Log events 5300–5319.</summary>
internal static partial class UpdatingLog
{
    [LoggerMessage(5300, LogLevel.Error, "Release {Version} could not be started (errno {Fault})")]
    public static partial void NotHandedOver(this ILogger log, string version, int fault);

    [LoggerMessage(5301, LogLevel.Warning, "Release {Version} is left ({Reason}); {Now} runs")]
    public static partial void RolledBack(this ILogger log, string version, RollBackReason reason, string now);

    [LoggerMessage(5302, LogLevel.Error, "The disk does not keep which release runs")]
    public static partial void StateNotKept(this ILogger log);

    [LoggerMessage(5303, LogLevel.Information, "Version {Version} is on trial")]
    public static partial void OnTrial(this ILogger log, string version);

    [LoggerMessage(5304, LogLevel.Information, "Version {Version} has proved itself")]
    public static partial void Confirmed(this ILogger log, string version);

    [LoggerMessage(5305, LogLevel.Information, "Package of {Version}: {Percent} % of {Bytes} bytes")]
    public static partial void Downloaded(this ILogger log, string version, int percent, long bytes);

    [LoggerMessage(5306, LogLevel.Warning, "Package of {Version}: broken off ({Reason}), taken up again")]
    public static partial void DownloadBroken(this ILogger log, string version, string reason);

    [LoggerMessage(5307, LogLevel.Warning, "Release {Version} is not taken: {Refusal}")]
    public static partial void NotTaken(this ILogger log, string version, UpdateRefusal refusal);

    [LoggerMessage(5308, LogLevel.Information, "Release {Version} is staged; the agent ends to try it")]
    public static partial void Staged(this ILogger log, string version);

    [LoggerMessage(5309, LogLevel.Error, "The release key {File} cannot be read: no release is taken")]
    public static partial void NoReleaseKey(this ILogger log, string file);

    [LoggerMessage(5310, LogLevel.Warning, "The package of {Version} is not one: {Reason}")]
    public static partial void BadPackage(this ILogger log, string version, string reason);

    [LoggerMessage(5311, LogLevel.Warning, "What is left of former releases could not be removed: {Reason}")]
    public static partial void NotSwept(this ILogger log, string reason);

    [LoggerMessage(5313, LogLevel.Error, "What is to run could not be decided: the version that was installed runs")]
    public static partial void NotChosen(this ILogger log, Exception e);

    [LoggerMessage(5312, LogLevel.Warning, "The hub tells nothing of release {Version} ({Refusal})")]
    public static partial void NoManifest(this ILogger log, string version, HubRefusal refusal);
}
