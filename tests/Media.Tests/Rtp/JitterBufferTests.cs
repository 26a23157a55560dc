using FsCheck;
using FsCheck.Fluent;
using ThreeClassrooms.Media.Rtp;
using ThreeClassrooms.Media.Time;

namespace ThreeClassrooms.Media.Tests.Rtp;

public sealed class JitterBufferTests
{
    private readonly JitterBuffer _buffer = new(TimeSpan.FromMilliseconds(100), 16);

    [Fact]
    public void PacketsInOrder_AreReleasedAtOnce()
    {
        Assert.Equal(["5", "6"], [.. Insert(5, 0), .. Insert(6, 0)]);
        Assert.Null(_buffer.NextDeadline);
    }

    [Fact]
    public void PacketBehindAHole_WaitsForTheMissingOne()
    {
        Insert(5, 0);
        Assert.Empty(Insert(7, 10));
        Assert.Equal(At(110), _buffer.NextDeadline);
        Assert.Equal(["6", "7"], Insert(6, 60));
    }

    [Fact]
    public void HoleOlderThanTheWait_IsPassedOver_AndSaidSo()
    {
        Insert(5, 0);
        Insert(7, 10);
        Assert.Empty(Take(109));
        Assert.Equal(["gap 7"], Take(110));
        Assert.Empty(Insert(6, 111));
        Assert.Equal((1, 1), (_buffer.Skipped, _buffer.Late));
    }

    [Fact]
    public void PacketFarAhead_LeavesTheWindowBehind()
    {
        Insert(5, 0);
        Insert(7, 0);
        Assert.Equal(["gap 100"], Insert(100, 1));
        Assert.Equal(0, _buffer.Waiting);
    }

    [Fact]
    public void OrderAcrossTheWrap() => Assert.Equal(["65535", "0", "1"], [.. Insert(65535, 0), .. Insert(1, 1), .. Insert(0, 2)]);

    [Fact]
    public void DuplicatesAndOversized_AreRefused()
    {
        Insert(5, 0);
        Insert(7, 0);
        Assert.False(_buffer.Insert(new SeqNo(7), default, false, [1], At(1)));
        Assert.False(_buffer.Insert(new SeqNo(6), default, false, new byte[1501], At(1)));
        Assert.False(_buffer.Insert(new SeqNo(5), default, false, [1], At(1)));
    }

    [Fact]
    public void AnyShuffleWithinTheWindow_ComesOutInOrder_WithoutGaps() => Prop.ForAll<ushort, int>((first, seed) =>
    {
        var random = new Random(seed);
        var buffer = new JitterBuffer(TimeSpan.FromSeconds(1), 64);
        int[] order = [0, .. Enumerable.Range(1, 300).Select(i => (i, key: i + (random.NextDouble() * 30))).OrderBy(p => p.key).Select(p => p.i)];
        var got = new List<int>();
        foreach (int i in order)
        {
            buffer.Insert(new SeqNo((ushort)(first + i)), new RtpTime((uint)i), false, [(byte)i], At(i));
            while (buffer.TryTake(At(i), out OrderedPacket packet, out ReadOnlySpan<byte> payload))
            {
                if (packet.AfterGap || payload[0] != (byte)packet.Timestamp.Value)
                {
                    return false;
                }

                got.Add((int)packet.Timestamp.Value);
            }
        }

        return got.SequenceEqual(Enumerable.Range(0, 301));
    }).QuickCheckThrowOnFailure();

    private static MonoTime At(int ms) => new(ms * 1_000_000L);

    private List<string> Insert(int sequence, int ms)
    {
        _buffer.Insert(new SeqNo((ushort)sequence), default, false, [1, 2, 3], At(ms));
        return Take(ms);
    }

    private List<string> Take(int ms)
    {
        var taken = new List<string>();
        while (_buffer.TryTake(At(ms), out OrderedPacket packet, out _))
        {
            taken.Add($"{(packet.AfterGap ? "gap " : "")}{packet.Sequence.Value}");
        }

        return taken;
    }
}
