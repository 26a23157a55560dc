using System.ComponentModel.DataAnnotations;

namespace ThreeClassrooms.Agent.Outbox;

/// <summary>What the device keeps for the hub.</summary>
internal sealed record OutboxOptions
{
    /// <summary>Room for records in MiB, 1 to 10,000. Readings give way first, evidence never.</summary>
    [Range(1, 10_000)]
    public int QuotaMb { get; init; } = 500;

    /// <summary>How many days a record is kept after the hub acknowledged it, 1 to 90: a hub restored from a backup asks for it again.</summary>
    [Range(1, 90)]
    public int KeepDays { get; init; } = 7;
}
