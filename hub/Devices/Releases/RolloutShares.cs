using System.Globalization;

namespace ThreeClassrooms.Hub.Devices.Releases;

/// <summary>How far one stage goes.</summary>
/// <param name="Count">So many devices; null: a share of all.</param>
/// <param name="Percent">1 to 100 of all devices, those of the stages before included.</param>
internal readonly record struct RolloutShare(int? Count, int Percent)
{
    /// <returns>How many devices are at it or through when the stage is; at least one, at most all.</returns>
    public int Of(int devices) => Math.Clamp(Count ?? (int)(((long)devices * Percent + 99) / 100), Math.Min(1, devices), devices);
}

/// <summary>The stages of a rollout as they are stored: <c>2;10%;50%;100%</c>. The last always takes all.</summary>
internal static class RolloutShares
{
    public const string Careful = "2;10%;50%;100%";
    public const string Brisk = "2;100%";
    public const string AtOnce = "100%";

    /// <summary>Those that staff choose from, the careful one first.</summary>
    public static readonly IReadOnlyList<string> Offered = [Careful, Brisk, AtOnce];

    public static IReadOnlyList<RolloutShare> Read(string shares) =>
    [
        .. shares.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(s => s[^1] == '%'
            ? new RolloutShare(null, int.Parse(s.AsSpan()[..^1], CultureInfo.InvariantCulture))
            : new RolloutShare(int.Parse(s, CultureInfo.InvariantCulture), 0)),
    ];

    public static string Write(IEnumerable<RolloutShare> shares) =>
        string.Join(';', shares.Select(s => s.Count is { } count ? count.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{s.Percent}%")));

    /// <summary>How many devices each stage adds; stages that would add none are left out.</summary>
    public static IReadOnlyList<(RolloutShare Share, int Devices)> Of(IReadOnlyList<RolloutShare> shares, int devices)
    {
        List<(RolloutShare, int)> stages = [];
        int before = 0;
        foreach (RolloutShare share in shares)
        {
            int upTo = share.Of(devices);
            if (upTo > before)
            {
                stages.Add((share, upTo - before));
                before = upTo;
            }
        }

        if (before < devices)
        {
            stages.Add((new RolloutShare(null, 100), devices - before));
        }

        return stages;
    }
}
