namespace ThreeClassrooms.Hub.Devices.Health;

/// <summary>What waits to be written; see <see cref="FleetHealth.Take"/>.</summary>
/// <param name="Dropped">Minute readings given up because the database did not take them.</param>
internal sealed record HealthBatch(
    IReadOnlyList<(string DeviceId, IssueChange Change)> Issues, IReadOnlyList<DeviceMinute> Minutes, IReadOnlyList<DeviceReport> Reports, long Dropped)
{
    public int Rows => Issues.Count + Minutes.Count + Reports.Count;

    /// <summary>Whom it is about, in no order that matters.</summary>
    public IEnumerable<string> DeviceIds => Issues.Select(i => i.DeviceId).Concat(Minutes.Select(m => m.DeviceId)).Concat(Reports.Select(r => r.DeviceId));

    /// <summary>For the log: what kind of rows stand in it.</summary>
    public string What => Issues.Count > 0 ? "issue" : Minutes.Count > 0 ? "readings" : "report";

    /// <summary>Two parts that together are this one, in its order: kinds are parted first, then each kind in the middle.</summary>
    public (HealthBatch First, HealthBatch Second) Halve()
    {
        if (Issues.Count > 0 && Minutes.Count + Reports.Count > 0)
        {
            return (this with { Minutes = [], Reports = [] }, this with { Issues = [] });
        }

        if (Minutes.Count > 0 && Reports.Count > 0)
        {
            return (this with { Reports = [] }, this with { Minutes = [] });
        }

        return (
            this with { Issues = [.. Issues.Take(Issues.Count / 2)], Minutes = [.. Minutes.Take(Minutes.Count / 2)], Reports = [.. Reports.Take(Reports.Count / 2)] },
            this with { Issues = [.. Issues.Skip(Issues.Count / 2)], Minutes = [.. Minutes.Skip(Minutes.Count / 2)], Reports = [.. Reports.Skip(Reports.Count / 2)] });
    }
}
