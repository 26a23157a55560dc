using System.Text.Json;
using System.Text.Json.Serialization;

namespace ThreeClassrooms.Agent.Updating;

/// <summary>
/// What this device knows of its releases, in <c>releases/state.json</c>. "The base" is the agent that was installed at the device itself; a version that is null is the base.
/// Read and written by the base too, which may be much older: fields are only ever added, and what is not known here is kept.
/// </summary>
/// <param name="Base">Version of the base when this was written. Another one: somebody has installed at the device.</param>
/// <param name="Current">The release that runs.</param>
/// <param name="Previous">The one that ran before it.</param>
/// <param name="Trial">A release that has not proved itself yet.</param>
/// <param name="Answer">What the hub is still to be told.</param>
internal sealed record SlotState(
    string Base, string? Current = null, string? Previous = null, Trial? Trial = null, RollBack? LastRollBack = null, UpdateAnswer? Answer = null)
{
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Others { get; init; }

    /// <summary>A version is staged: the next start tries it. What it is tried against is the current one, so its files must not be that one's.</summary>
    public SlotState Begin(string version, Guid? command) =>
        this with { Trial = new Trial(version, 0, command), Previous = Previous == version ? null : Previous, Current = Current == version ? null : Current };

    /// <summary>The version on trial has proved itself.</summary>
    public SlotState Confirm() => Trial is not { } trial ? this : this with
    {
        Current = trial.Version,
        Previous = Current,
        Trial = null,
        Answer = trial.Command is { } command ? new UpdateAnswer(command, Done: true) : Answer,
    };

    /// <summary>The trial is over: the former version runs again.</summary>
    public SlotState GiveUp(RollBackReason reason, DateTimeOffset at) => Trial is not { } trial ? this : this with
    {
        Trial = null,
        LastRollBack = new RollBack(trial.Version, reason, at),
        Answer = trial.Command is { } command ? new UpdateAnswer(command, Done: false) : Answer,
    };

    /// <summary>Leaves the release that runs for the one before it, or the base.</summary>
    public SlotState GoBack(RollBackReason reason, DateTimeOffset at) => Current is not { } current ? this : this with
    {
        Current = Previous,
        Previous = null,
        LastRollBack = new RollBack(current, reason, at),
    };
}

/// <param name="Starts">How often it was started.</param>
/// <param name="Command">That asked for it, and is answered when it is over; null: nobody waits.</param>
/// <param name="Boot">Of the machine, in which it was first started; <paramref name="SinceMs"/> counts in it.</param>
/// <param name="SinceMs">Of its first start, by the machine's own monotonic clock.</param>
internal sealed record Trial(string Version, int Starts, Guid? Command, Guid? Boot = null, long? SinceMs = null);

/// <param name="Version">That was left.</param>
internal sealed record RollBack(string Version, RollBackReason Reason, DateTimeOffset At);

/// <param name="Done">False: the former version runs again.</param>
internal sealed record UpdateAnswer(Guid Command, bool Done);

internal enum RollBackReason
{
    /// <summary>It ended as often as it may be started.</summary>
    Ended,

    /// <summary>It did not prove itself in time.</summary>
    Deadline,

    /// <summary>Its files are not there, or not whole.</summary>
    Missing,

    /// <summary>Somebody at the device wanted it.</summary>
    ByHand,

    /// <summary>Another version was installed at the device itself.</summary>
    BaseRenewed,
}
