using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Devices.Releases;

/// <summary>How many devices run a version.</summary>
/// <param name="From">Where its part of the bar begins, in thousandths.</param>
/// <param name="Width">In thousandths; the parts together are 1000.</param>
/// <param name="Shade">0 for the newest, then 1 to 4.</param>
internal sealed record VersionPart(string Version, int Devices, int From, int Width, int Shade);

/// <summary>The versions in the county, the newest first.</summary>
internal static class VersionPicture
{
    private const int Whole = 1000, Shades = 4;

    public static async Task<IReadOnlyList<VersionPart>> ReadAsync(HubDbContext db, RolloutSights sights, CancellationToken cancel) =>
        Of((await db.Set<Device>().AsNoTracking().Where(d => d.DisabledAt == null).ToListAsync(cancel)).ConvertAll(sights.VersionOf));

    public static IReadOnlyList<VersionPart> Of(IReadOnlyCollection<string> versions)
    {
        List<VersionPart> parts = [];
        int before = 0;
        foreach (IGrouping<string, string> version in versions.GroupBy(v => v).OrderByDescending(g => g.Key, Comparer<string>.Create(AgentVersion.Compare)))
        {
            int upTo = before + version.Count();
            int from = (int)((long)Whole * before / versions.Count), to = (int)((long)Whole * upTo / versions.Count);
            parts.Add(new VersionPart(version.Key, version.Count(), from, to - from, Math.Min(parts.Count, Shades)));
            before = upTo;
        }

        return parts;
    }
}
