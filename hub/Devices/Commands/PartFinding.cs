using System.Text.Json;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Hub.Devices.Commands;

/// <summary>A part that a self-check did not find well.</summary>
internal sealed record PartFinding(PartKind Kind, PartStatus Status)
{
    /// <summary>More than a classroom device has; the rest of a report is not kept.</summary>
    private const int Most = 24;

    /// <summary>What is kept of a device's report. Foreign bytes: anything may stand in it.</summary>
    /// <returns>The parts looked at and the findings as JSON; nulls when nothing was reported.</returns>
    public static (int? Seen, string? Findings) Keep(IReadOnlyList<PartReport>? parts)
    {
        if (parts is null)
        {
            return (null, null);
        }

        List<PartReport> known = [.. parts.Where(p => p is not null && Enum.IsDefined(p.Kind) && Enum.IsDefined(p.Status))];
        PartFinding[] bad = [.. known.Where(p => p.Status is PartStatus.Warning or PartStatus.Failed or PartStatus.Missing).Select(p => new PartFinding(p.Kind, p.Status)).Distinct().Take(Most)];
        return (known.Count, bad.Length == 0 ? null : JsonSerializer.Serialize(bad, DeviceJson.Options));
    }

    public static IReadOnlyList<PartFinding> Read(string? findings) =>
        findings is null ? [] : JsonSerializer.Deserialize<PartFinding[]>(findings, DeviceJson.Options) ?? [];
}
