using FsCheck;
using FsCheck.Fluent;
using ThreeClassrooms.Media.Forwarding;

namespace ThreeClassrooms.Media.Tests.Forwarding;

public sealed class PacketHistoryTests
{
    private readonly PacketHistory _history = new(16, 100, 1600);

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

    [Fact]
    public void WhateverTheSizes_WhatIsKeptIsWhole_AndTheRingIsUsed() => Prop.ForAll<byte[]>(Keeps).QuickCheckThrowOnFailure();

    [Fact]
    public void EmptyPayloads_AreKeptLikeOthers_AndHideNobody()
    {
        Keeps([0, 31]);
        Keeps([100, 100, 100, 100, 0, 29, 50, 76, 1, 100, 100, 1, 75, 0, 0, 100]);
        Keeps([100, 100, 100, 99, 0, 0, 29, 50, 76, 1, 100, 100, 1, 0, 75]);
    }

    private static void Keeps(byte[] sizes)
    {
        var history = new PacketHistory(16, 100, 400);
        for (int i = 0; i < sizes.Length; i++)
        {
            byte[] payload = new byte[sizes[i] % 101];
            Array.Fill(payload, (byte)i);
            Assert.True(history.TryAdd(new StoredPacket { Sequence = i }, payload));
            int kept = 0;
            for (long at = history.Oldest; at < history.Arrivals; at++)
            {
                Assert.True(history.TryGetArrival(at, out StoredPacket packet, out ReadOnlySpan<byte> found));
                Assert.Equal(at, packet.Sequence);
                Assert.Equal(sizes[(int)at] % 101, found.Length);
                Assert.False(found.ContainsAnyExcept((byte)at));
                kept += Math.Max(1, found.Length);
            }

            // Whatever has left was in the way: the sixteen newest, or nearly a ring full of bytes.
            Assert.True(history.Oldest == 0 || history.Arrivals - history.Oldest == 16 || kept > 400 - 200);
        }
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
