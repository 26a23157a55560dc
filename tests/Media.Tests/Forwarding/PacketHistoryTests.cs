using ThreeClassrooms.Media.Forwarding;

namespace ThreeClassrooms.Media.Tests.Forwarding;

public sealed class PacketHistoryTests
{
    private readonly PacketHistory _history = new(16, 100);

    [Fact]
    public void Packets_AreReadInOrderOfArrival_AndFoundByNumber()
    {
        AddAll(10, 12, 11);

        Assert.Equal([10L, 12, 11], Enumerable.Range(0, 3).Select(i => Arrival(i)!.Value));
        Assert.True(_history.TryGetSequence(12, out StoredPacket found, out ReadOnlySpan<byte> payload));
        Assert.Equal(12, found.Sequence);
        Assert.Equal([12], payload.ToArray());
        Assert.False(_history.TryGetSequence(13, out _, out _));
    }

    [Fact]
    public void PacketThatIsHereAlready_IsRefused()
    {
        AddAll(10, 11);
        Assert.False(Add(10));
        Assert.Equal(2, _history.Arrivals);
    }

    [Fact]
    public void KeyFrame_BeginsWithItsFirstPacketToArrive_AndLeavesWithTheRing()
    {
        Add(10);
        Add(11, timestamp: 5, key: true);
        Add(12, timestamp: 5, key: true); // H.264: parameter sets and slice both look like a beginning
        Assert.Equal(1, _history.KeyFrameArrival);

        Add(13, timestamp: 9, key: true);
        Assert.Equal(3, _history.KeyFrameArrival);

        AddAll([.. Enumerable.Range(14, 16).Select(i => (long)i)]);
        Assert.Null(_history.KeyFrameArrival);
    }

    private long? Arrival(long index) => _history.TryGetArrival(index, out StoredPacket packet, out _) ? packet.Sequence : null;

    private void AddAll(params long[] sequences)
    {
        foreach (long sequence in sequences)
        {
            Add(sequence);
        }
    }

    private bool Add(long sequence, uint timestamp = 0, bool key = false) =>
        _history.TryAdd(new StoredPacket { Sequence = sequence, Timestamp = timestamp, KeyFrameStart = key }, [(byte)sequence]);
}
