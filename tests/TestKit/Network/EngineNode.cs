using ThreeClassrooms.Media.Peers;
using ThreeClassrooms.Media.Time;

namespace ThreeClassrooms.TestKit.Network;

/// <summary>One <see cref="PeerEngine"/> on a <see cref="VirtualNetwork"/>; keeps the plain media that arrived and sends media on request.</summary>
public sealed class EngineNode(PeerEngine engine) : INetworkNode
{
    private readonly Queue<(byte[] Bytes, TransportAddress To)> _media = new();

    public PeerEngine Engine => engine;

    public List<(DatagramKind Kind, byte[] Plain, MonoTime At)> Received { get; } = [];

    public MonoTime? NextDeadline => engine.NextDeadline;

    public void OnDatagram(Span<byte> wire, TransportAddress from, MonoTime arrived)
    {
        var kind = engine.OnDatagram(wire, from, arrived, out var length);
        if (kind is DatagramKind.Rtp or DatagramKind.Rtcp)
        {
            Received.Add((kind, wire[..length].ToArray(), arrived));
        }
    }

    public void OnTime(MonoTime now) => engine.OnTime(now);

    public bool TryTake(Span<byte> buffer, out int length, out TransportAddress to)
    {
        if (engine.TryTake(buffer, out length, out to))
        {
            return true;
        }

        if (!_media.TryDequeue(out var packet))
        {
            return false;
        }

        packet.Bytes.CopyTo(buffer);
        (length, to) = (packet.Bytes.Length, packet.To);
        return true;
    }

    /// <summary>Protects a plain RTP packet with a 12-byte header and queues it to the selected address; false when not connected.</summary>
    public bool SendRtp(ReadOnlySpan<byte> packet)
    {
        var output = new byte[packet.Length + PeerEngine.MaxOverhead];
        return Queue(output, engine.ProtectRtp(packet[..12], packet[12..], output));
    }

    /// <summary>Protects a plain RTCP packet and queues it to the selected address; false when not connected.</summary>
    public bool SendRtcp(ReadOnlySpan<byte> packet)
    {
        var output = new byte[packet.Length + PeerEngine.MaxOverhead];
        return Queue(output, engine.ProtectRtcp(packet, output));
    }

    private bool Queue(byte[] output, int length)
    {
        if (length == 0 || engine.Selected is not { } to)
        {
            return false;
        }

        _media.Enqueue((output[..length], to));
        return true;
    }
}
