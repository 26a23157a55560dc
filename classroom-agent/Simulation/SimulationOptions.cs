namespace ThreeClassrooms.Agent.Simulation;

/// <summary>What <c>agent simulate</c> was asked for, beside the hub and its certificate.</summary>
/// <param name="Count">1 to 10,000.</param>
/// <param name="Folder">Where the devices' identities are kept.</param>
/// <param name="Codes">File with claim codes, for devices that are not enrolled yet; null: none.</param>
/// <param name="Faults">File with a <see cref="FaultScript"/>, <c>none</c>, or null: <see cref="FaultScript.Demonstration"/>.</param>
/// <param name="Seed">The same seed deals the same faults to the same devices.</param>
internal sealed record SimulationOptions(int Count, string Folder, string? Codes, string? Faults, int Seed, bool Lessons)
{
    public const int Most = 10_000;

    public const string NoFaults = "none";
}
