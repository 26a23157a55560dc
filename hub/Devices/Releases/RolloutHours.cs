namespace ThreeClassrooms.Hub.Devices.Releases;

/// <summary>The hours of a day in which devices may be asked, on the county's clock.</summary>
/// <param name="Until">Exclusive; not after <paramref name="From"/>: on the next day.</param>
internal readonly record struct RolloutHours(TimeOnly From, TimeOnly Until)
{
    public static RolloutHours? Of(Rollout rollout) => rollout is { AllowedFrom: { } from, AllowedUntil: { } until } ? new RolloutHours(from, until) : null;

    public bool Cover(TimeOnly time) => From < Until ? From <= time && time < Until : From <= time || time < Until;
}
