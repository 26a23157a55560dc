namespace ThreeClassrooms.Hub.Devices.Releases;

/// <summary>How a rollout stands. Stored by name: rename nothing.</summary>
internal enum RolloutState
{
    Running,

    /// <summary>Nobody new is asked until a person goes on.</summary>
    Paused,

    /// <summary>By its threshold or a person. A person may go on.</summary>
    Stopped,

    /// <summary>All stages are through; devices that were away get it when they come back.</summary>
    Done,
}

/// <summary>Why a rollout was stopped. Stored by name: rename nothing.</summary>
internal enum RolloutStop
{
    /// <summary>More devices failed than may.</summary>
    Failures,
    Person,

    /// <summary>Its release was withdrawn.</summary>
    Withdrawn,
}

/// <summary>How a device of a rollout stands. Stored by name: rename nothing.</summary>
internal enum MemberState
{
    /// <summary>Not asked yet: its turn has not come, it is away, a lesson takes place.</summary>
    Waiting,

    /// <summary>It was asked and is at it.</summary>
    Asked,

    /// <summary>It runs the version.</summary>
    Done,
    Failed,

    /// <summary>It will not get it from this rollout.</summary>
    Skipped,
}

/// <summary>Stable words of how a device came to its state, besides those of <see cref="Contracts.UpdateReasons"/> and <see cref="Commands.CommandReasons"/>.</summary>
internal static class MemberReasons
{
    /// <summary>It had the version before it was asked.</summary>
    public const string Already = "already";

    /// <summary>It said that it is done and did not come back with the new version.</summary>
    public const string NotSeen = "notSeen";

    /// <summary>Something critical began after the update.</summary>
    public const string Unwell = "unwell";

    /// <summary>It runs another version again.</summary>
    public const string FellBack = "fellBack";

    public const string Disabled = "disabled";

    /// <summary>A later rollout took over.</summary>
    public const string Superseded = "superseded";
}
