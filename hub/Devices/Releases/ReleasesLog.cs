namespace ThreeClassrooms.Hub.Devices.Releases;

/// <summary>Log events 2220–2239.</summary>
internal static partial class ReleasesLog
{
    [LoggerMessage(2220, LogLevel.Information, "Release {Version} of the agent was taken in")]
    public static partial void ReleaseTaken(this ILogger log, string version);

    [LoggerMessage(2221, LogLevel.Warning, "Package {File} was not taken in: {Refusal}")]
    public static partial void PackageRefused(this ILogger log, string file, ReleaseRefusal refusal);

    [LoggerMessage(2222, LogLevel.Error, "Packages that lie ready could not be taken in; the page has a button to try again")]
    public static partial void IntakeFailed(this ILogger log, Exception fault);

    [LoggerMessage(2223, LogLevel.Information, "Rollout {RolloutId} of {Version}: {State}, stage {Stage} {Reason}")]
    public static partial void RolloutMoved(this ILogger log, Guid rolloutId, string version, RolloutState state, int stage, RolloutStop? reason);

    [LoggerMessage(2224, LogLevel.Error, "Rollouts could not be driven on; tried again")]
    public static partial void StepFailed(this ILogger log, Exception fault);
}
