using ThreeClassrooms.Media.Peers;
using ThreeClassrooms.Media.Time;

namespace ThreeClassrooms.TestKit.Network;

/// <summary>Anything with the four verbs of a sans-IO engine that can be put on a <see cref="VirtualNetwork"/>.</summary>
public interface INetworkNode
{
    MonoTime? NextDeadline { get; }

    /// <param name="wire">The node's own copy: it may be decrypted in place.</param>
    void OnDatagram(Span<byte> wire, TransportAddress from, MonoTime arrived);

    void OnTime(MonoTime now);

    bool TryTake(Span<byte> buffer, out int length, out TransportAddress to);
}
