using System.Buffers;
using FsCheck;
using FsCheck.Fluent;
using ThreeClassrooms.Hub.Streams.Tcp;

namespace ThreeClassrooms.Hub.Tests.Streams;

public sealed class Rfc4571Tests
{
    [Fact]
    public void Packets_AreTakenWhole_HoweverTheBytesCome()
    {
        byte[] wire = [0, 3, 1, 2, 3, 0, 0, 0, 1, 9];
        for (int cut = 0; cut <= wire.Length; cut++)
        {
            var taken = new List<byte[]>();
            var first = new ReadOnlySequence<byte>(wire.AsMemory(0, cut));
            Take(ref first, taken);
            var second = new ReadOnlySequence<byte>([.. first.ToArray(), .. wire.AsSpan(cut)]);
            Take(ref second, taken);
            Assert.Equal([[1, 2, 3], [], [9]], taken);
        }
    }

    [Theory]
    [InlineData(0x00, true)]
    [InlineData(0x05, true)]
    [InlineData(0x16, false)] // TLS
    [InlineData('G', false)]
    [InlineData('P', false)]
    public void FirstByte_TellsMediaFromTlsAndHttp(byte first, bool media) => Assert.Equal(media, Rfc4571.IsMedia(first));

    [Fact]
    public void AnyBytes_AreTakenOrRefused() => Prop.ForAll<byte[]>(bytes =>
    {
        var sequence = new ReadOnlySequence<byte>(bytes ?? []);
        while (Rfc4571.TryRead(ref sequence, out ReadOnlySequence<byte> packet, out _))
        {
            Assert.True(packet.Length <= Rfc4571.MaxPacket);
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void PacketThatIsTooLarge_BreaksTheConnection()
    {
        var sequence = new ReadOnlySequence<byte>([0x08, 0x01, 0, 0]);
        Assert.False(Rfc4571.TryRead(ref sequence, out _, out bool broken));
        Assert.True(broken);
    }

    private static void Take(ref ReadOnlySequence<byte> bytes, List<byte[]> taken)
    {
        while (Rfc4571.TryRead(ref bytes, out ReadOnlySequence<byte> packet, out _))
        {
            taken.Add(packet.ToArray());
        }
    }
}
