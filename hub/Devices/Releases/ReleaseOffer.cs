namespace ThreeClassrooms.Hub.Devices.Releases;

/// <summary>What a single device could be given.</summary>
internal sealed class ReleaseOffer(ReleaseShelf shelf, RolloutSights sights)
{
    /// <returns>The newest release above what the device runs; null: none, or it is disabled.</returns>
    public async Task<string?> NewerAsync(Device device, CancellationToken cancel)
    {
        string? newest = (await shelf.AllAsync(cancel)).Where(r => r.WithdrawnAt is null).Select(r => r.Version).Order(Comparer<string>.Create(AgentVersion.Compare)).LastOrDefault();
        return newest is not null && device.DisabledAt is null && AgentVersion.Compare(newest, sights.VersionOf(device)) > 0 ? newest : null;
    }
}
