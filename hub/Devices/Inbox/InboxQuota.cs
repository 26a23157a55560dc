using ThreeClassrooms.Hub.Hosting;

namespace ThreeClassrooms.Hub.Devices.Inbox;

/// <summary>How many bytes one device may hand in: a week's backlog at once, then what a device needs on its busiest day. Thread-safe.</summary>
internal sealed class InboxQuota(DevicesOptions options)
{
    private readonly TokenBuckets _bytes = new(options.EvidenceBurstMegabytes * 1048576.0, options.EvidenceMegabytesPerDay * 1048576.0 / 86_400);

    public bool Admits(string deviceId, long bytes, DateTimeOffset now) => _bytes.TryTake(deviceId, bytes, now);
}
