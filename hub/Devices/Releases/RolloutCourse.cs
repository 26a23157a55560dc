using System.Collections.Immutable;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Devices.Commands;

namespace ThreeClassrooms.Hub.Devices.Releases;

/// <summary>One device within a <see cref="RolloutCourse"/>; see <see cref="RolloutDevice"/>.</summary>
internal sealed record RolloutMember(
    string DeviceId, int Stage, MemberState State = MemberState.Waiting, string? Reason = null, DateTimeOffset? AskedAt = null, DateTimeOffset? UpdatedAt = null, int Tries = 0,
    bool Excused = false)
{
    /// <summary>Updated by this rollout and not watched for long enough yet.</summary>
    public bool IsWatched(TimeSpan watch, DateTimeOffset now) => State == MemberState.Done && UpdatedAt is { } at && now < at + watch;
}

/// <summary>What is known of a device at one moment.</summary>
/// <param name="Online">Connected to the broker now.</param>
/// <param name="InLesson">In a lesson or just before one.</param>
/// <param name="Version">The version it last told; null: none.</param>
/// <param name="UnwellSince">UTC: something critical is wrong with it since then (not that it is away); null: nothing.</param>
/// <param name="Gone">Disabled or replaced.</param>
/// <param name="Busy">Somebody else's update of it is open.</param>
/// <param name="Command">How the command that asked it stands; null: none.</param>
internal sealed record MemberSight(
    bool Online, bool InLesson, string? Version, DateTimeOffset? UnwellSince = null, bool Gone = false, bool Busy = false, CommandAnswer? Command = null);

/// <param name="FinishedAt">Null: open.</param>
internal sealed record CommandAnswer(CommandState State, string? Reason, DateTimeOffset? FinishedAt);

/// <summary>What a rollout was started with.</summary>
internal sealed record RolloutPlan(string Version, int Stages, int AtOnce, TimeSpan Watch);

/// <summary>
/// The course of one rollout. Pure and immutable: <see cref="Step"/> takes what is known and gives the course that follows and whom to ask now. Everything it
/// decides by is in its members, so a hub that was started anew goes on where it was. Times are UTC of the hub.
/// </summary>
internal sealed record RolloutCourse(RolloutPlan Plan, RolloutState State, int Stage, ImmutableArray<RolloutMember> Members, RolloutStop? StoppedFor = null)
{
    /// <summary>A device that does not take the command so often, although it is there, has failed.</summary>
    public const int MostTries = 3;

    /// <summary>Of those tried in a later stage so many per cent may fail.</summary>
    public const int ToleratedPercent = 5;

    /// <summary>After it said that it is done a device is to be seen with the new version within this time.</summary>
    public static readonly TimeSpan SeenWithin = TimeSpan.FromMinutes(10);

    /// <summary>A device that did not take it is asked again after this time.</summary>
    public static readonly TimeSpan AskAgain = TimeSpan.FromMinutes(2);

    /// <summary>No stage is left: what remains is watching, and devices that were away.</summary>
    public bool IsLastStage => Stage >= Plan.Stages - 1;

    /// <summary>Devices are asked, if they are there.</summary>
    public bool Asks => State is RolloutState.Running or RolloutState.Done;

    /// <param name="seen">What is known of each device; asked once per device.</param>
    /// <param name="allowed">Devices may be asked at this hour.</param>
    /// <param name="asked">Those to be asked now; they are <see cref="MemberState.Asked"/> in the course that is returned.</param>
    public RolloutCourse Step(Func<string, MemberSight> seen, bool allowed, DateTimeOffset now, out IReadOnlyList<string> asked)
    {
        Dictionary<string, MemberSight> sights = Members.ToDictionary(m => m.DeviceId, m => seen(m.DeviceId), StringComparer.Ordinal);
        RolloutCourse next = this with { Members = [.. Members.Select(m => Observed(m, sights[m.DeviceId], now))] };
        if (next.Asks && Enumerable.Range(0, Plan.Stages).Any(next.IsTooMuch))
        {
            next = next with { State = RolloutState.Stopped, StoppedFor = RolloutStop.Failures };
        }

        if (next.State == RolloutState.Running && next.IsThrough(sights, now))
        {
            next = IsLastStage ? next with { State = RolloutState.Done } : next with { Stage = Stage + 1 };
        }

        HashSet<string> ask = next.Asks && allowed ? next.Due(sights, now) : [];
        asked = [.. ask];
        return ask.Count == 0 ? next : next with
        {
            Members = [.. next.Members.Select(m => ask.Contains(m.DeviceId) ? m with { State = MemberState.Asked, AskedAt = now, Tries = m.Tries + 1, Reason = null } : m)],
        };
    }

    public RolloutCourse OnPause() => State == RolloutState.Running ? this with { State = RolloutState.Paused } : this;

    public RolloutCourse OnStop(RolloutStop why) => State == RolloutState.Stopped ? this : this with { State = RolloutState.Stopped, StoppedFor = why };

    /// <summary>A person goes on: what failed until now was looked at and does not count any more.</summary>
    public RolloutCourse OnResume() => State is not (RolloutState.Paused or RolloutState.Stopped) ? this : this with
    {
        State = RolloutState.Running,
        StoppedFor = null,
        Members = [.. Members.Select(m => m.State == MemberState.Failed ? m with { Excused = true } : m)],
    };

    /// <summary>A person does not wait for the stage to be through.</summary>
    public RolloutCourse OnAdvance() => State == RolloutState.Running && !IsLastStage ? this with { Stage = Stage + 1 } : this;

    /// <summary>A person has the failed ones asked again; what was over goes on for it.</summary>
    public RolloutCourse OnRetry() => !Members.Any(m => m.State == MemberState.Failed) ? this : this with
    {
        State = State == RolloutState.Paused ? State : RolloutState.Running,
        StoppedFor = null,
        Members = [.. Members.Select(m => m.State == MemberState.Failed ? m with { State = MemberState.Waiting, Reason = null, Tries = 0, Excused = false, AskedAt = null, UpdatedAt = null } : m)],
    };

    /// <summary>More failed in this stage than may: one in the first, later two and more than <see cref="ToleratedPercent"/> per cent of those tried.</summary>
    public bool IsTooMuch(int stage)
    {
        int failed = Members.Count(m => m.Stage == stage && m is { State: MemberState.Failed, Excused: false });
        int tried = failed + Members.Count(m => m.Stage == stage && m is { State: MemberState.Done, UpdatedAt: not null });
        return stage == 0 ? failed >= 1 : failed >= 2 && failed * 100L > tried * (long)ToleratedPercent;
    }

    /// <summary>The present stage may be left behind: somebody of it runs the version, nobody who is there lacks it, everybody was watched for long enough.</summary>
    public bool IsThrough(IReadOnlyDictionary<string, MemberSight> sights, DateTimeOffset now)
    {
        List<RolloutMember> own = [.. Members.Where(m => m.Stage == Stage)];
        List<RolloutMember> done = own.FindAll(m => m.State == MemberState.Done);
        int away = done.Count(m => m.UpdatedAt is not null && !sights[m.DeviceId].Online), tolerated = Stage == 0 ? 0 : Math.Max(1, done.Count * ToleratedPercent / 100);
        return !Members.Any(m => m.Stage <= Stage && (m.State == MemberState.Asked || (m.State == MemberState.Waiting && sights[m.DeviceId].Online)))
            && (done.Count > 0 || own.TrueForAll(m => m.State is MemberState.Failed or MemberState.Skipped))
            && !Members.Any(m => m.Stage <= Stage && m.IsWatched(Plan.Watch, now))
            && away <= tolerated;
    }

    private RolloutMember Observed(RolloutMember member, MemberSight sight, DateTimeOffset now) => member.State switch
    {
        MemberState.Waiting when sight.Gone => member with { State = MemberState.Skipped, Reason = MemberReasons.Disabled },
        MemberState.Waiting when sight.Version == Plan.Version => member with { State = MemberState.Done, Reason = MemberReasons.Already },
        MemberState.Asked => Answered(member, sight, now),
        MemberState.Failed when member.Reason is CommandReasons.NoResult or MemberReasons.NotSeen && sight.Online && sight.Version == Plan.Version =>
            member with { State = MemberState.Done, Reason = null, UpdatedAt = now, Excused = false }, // it only took longer
        MemberState.Done when member.IsWatched(Plan.Watch, now) && sight.Online && sight.Version is { } version && version != Plan.Version =>
            member with { State = MemberState.Failed, Reason = MemberReasons.FellBack },
        MemberState.Done when member.IsWatched(Plan.Watch, now) && sight.UnwellSince >= member.UpdatedAt => member with { State = MemberState.Failed, Reason = MemberReasons.Unwell },
        _ => member,
    };

    private RolloutMember Answered(RolloutMember member, MemberSight sight, DateTimeOffset now)
    {
        if (sight.Command is { FinishedAt: null })
        {
            return member;
        }

        bool has = sight.Online && sight.Version == Plan.Version;
        return sight.Command switch
        {
            null => Again(member, sight, null), // taken away with its device's history
            { State: CommandState.Done } when has => member with { State = MemberState.Done, Reason = null, UpdatedAt = now },
            { State: CommandState.Done, FinishedAt: { } at } => now < at + SeenWithin ? member : member with { State = MemberState.Failed, Reason = MemberReasons.NotSeen },
            { State: CommandState.Failed, Reason: UpdateReasons.InLesson } => member with { State = MemberState.Waiting, Reason = UpdateReasons.InLesson, Tries = member.Tries - 1 },
            { State: CommandState.Failed, Reason: UpdateReasons.NotReplaceable or CommandReasons.Unsupported } command => member with { State = MemberState.Skipped, Reason = command.Reason },
            { State: CommandState.Expired, Reason: CommandReasons.NoResult } when has => member with { State = MemberState.Done, Reason = null, UpdatedAt = now },
            { State: CommandState.Cancelled } => member with { State = MemberState.Waiting, Tries = member.Tries - 1 },
            { State: CommandState.Expired, Reason: CommandReasons.NotReached or CommandReasons.NoAnswer or CommandReasons.TooLate } command => Again(member, sight, command.Reason),
            { } command => member with { State = MemberState.Failed, Reason = command.Reason ?? CommandReasons.Other },
        };
    }

    /// <summary>It did not take the command: mostly because it went away.</summary>
    private static RolloutMember Again(RolloutMember member, MemberSight sight, string? reason) => sight.Gone
        ? member with { State = MemberState.Skipped, Reason = MemberReasons.Disabled }
        : member.Tries >= MostTries && sight.Online
        ? member with { State = MemberState.Failed, Reason = reason ?? CommandReasons.NoAnswer }
        : member with { State = MemberState.Waiting, Reason = reason, Tries = Math.Min(member.Tries, MostTries - 1) };

    private HashSet<string> Due(Dictionary<string, MemberSight> sights, DateTimeOffset now) =>
    [
        .. Members.Where(m => m.State == MemberState.Waiting && m.Stage <= Stage && (m.AskedAt is not { } last || now >= last + AskAgain))
            .Where(m => sights[m.DeviceId] is { Online: true, InLesson: false, Busy: false, Gone: false })
            .OrderBy(m => m.Stage).Select(m => m.DeviceId).Take(Math.Max(0, Plan.AtOnce - Members.Count(m => m.State == MemberState.Asked))),
    ];
}
