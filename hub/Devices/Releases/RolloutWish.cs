using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Hub.Devices.Releases;

/// <summary>Why a rollout was not started or changed.</summary>
internal enum RolloutRefusal
{
    NotAllowed,

    /// <summary>No such release, or it was withdrawn.</summary>
    NoRelease,
    NoRollout,

    /// <summary>Numbers, hours or choice are not what the form offers.</summary>
    BadWish,

    /// <summary>All that were chosen have the version, are disabled, or there are none.</summary>
    NoDevices,

    /// <summary>All that were chosen are in another rollout that goes on.</summary>
    Held,

    /// <summary>This hub works without a broker: no way leads to the devices.</summary>
    NoBroker,

    /// <summary>Not as it stands now: somebody else, or the hub, was faster.</summary>
    NotNow,
}

/// <summary>What staff want.</summary>
/// <param name="Chosen">Names of towns, ids of schools or of devices, as <paramref name="Scope"/> says; empty for the county.</param>
/// <param name="Shares">One of <see cref="RolloutShares.Offered"/>.</param>
/// <param name="AtOnce">1 to 200.</param>
/// <param name="Watch">0 to <see cref="LongestWatch"/>.</param>
internal sealed record RolloutWish(
    string Version, RolloutScope Scope, IReadOnlyCollection<string> Chosen, string Shares = RolloutShares.Careful, int AtOnce = RolloutWish.UsualAtOnce, TimeSpan? Watch = null,
    RolloutHours? Hours = null)
{
    public const int UsualAtOnce = 20, MostAtOnce = 200, MostChosen = 1000;

    public static readonly TimeSpan UsualWatch = TimeSpan.FromMinutes(30), LongestWatch = TimeSpan.FromDays(1);

    public TimeSpan WatchFor => Watch ?? UsualWatch;

    public bool IsSound => AgentReleases.IsVersion(Version) && RolloutShares.Offered.Contains(Shares) && AtOnce is >= 1 and <= MostAtOnce
        && WatchFor >= TimeSpan.Zero && WatchFor <= LongestWatch && Chosen.Count <= MostChosen && (Scope == RolloutScope.County || Chosen.Count > 0)
        && (Hours is not { } hours || hours.From != hours.Until);
}
