using System.Security.Cryptography;
using System.Text;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Hub.Devices.Releases;

/// <summary>A device to be put in order.</summary>
/// <param name="Online">Connected now: it can be asked, and seen to be well afterwards.</param>
internal sealed record DealtDevice(string Id, Guid SchoolId, DeviceRole Role, bool Online);

/// <summary>
/// In which order devices are updated: those that are there first, main and receiving devices in the same measure, spread over schools, so that the first few tell
/// something about all. Pure; the same devices always come in the same order.
/// </summary>
internal static class RolloutDeal
{
    public static IReadOnlyList<DealtDevice> Order(IReadOnlyCollection<DealtDevice> devices) =>
        [.. Mixed(devices.Where(d => d.Online)), .. Mixed(devices.Where(d => !d.Online))];

    private static IEnumerable<DealtDevice> Mixed(IEnumerable<DealtDevice> devices)
    {
        List<(Queue<DealtDevice> Queue, int All)> roles =
            [.. devices.GroupBy(d => d.Role).OrderBy(g => g.Key).Select(g => (new Queue<DealtDevice>(Spread(g)), g.Count()))];
        while (roles.Exists(r => r.Queue.Count > 0))
        {
            // The role of which the smallest part has had its turn.
            yield return roles.Where(r => r.Queue.Count > 0).MinBy(r => (r.All - r.Queue.Count) / (double)r.All).Queue.Dequeue();
        }
    }

    /// <summary>One of every school, then the second of every school, and so on.</summary>
    private static IEnumerable<DealtDevice> Spread(IEnumerable<DealtDevice> devices) => devices
        .GroupBy(d => d.SchoolId)
        .SelectMany(s => s.OrderBy(d => Lot(d.Id), StringComparer.Ordinal).Select((device, turn) => (device, turn)))
        .OrderBy(d => d.turn).ThenBy(d => Lot(d.device.Id), StringComparer.Ordinal).Select(d => d.device);

    /// <summary>As good as drawn, and the same every time.</summary>
    private static string Lot(string id) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(id))) + id;
}
