using System.Buffers.Binary;
using FsCheck;
using FsCheck.Fluent;
using ThreeClassrooms.Agent.Commands;

namespace ThreeClassrooms.Agent.Tests.Commands;

public sealed class RoomKeysTests
{
    [Theory]
    [InlineData(28, nameof(RoomKey.Hand))] // enter
    [InlineData(57, nameof(RoomKey.Hand))] // space
    [InlineData(109, nameof(RoomKey.Hand))] // page down: the presenter's button
    [InlineData(352, nameof(RoomKey.Hand))] // OK of a remote control
    [InlineData(50, nameof(RoomKey.Microphone))] // M
    [InlineData(104, nameof(RoomKey.Microphone))] // page up: the presenter's other button
    [InlineData(113, nameof(RoomKey.Microphone))] // mute
    [InlineData(248, nameof(RoomKey.Microphone))] // a conference microphone's own button
    [InlineData(114, nameof(RoomKey.Quieter))]
    [InlineData(115, nameof(RoomKey.Louder))]
    [InlineData(42, nameof(RoomKey.None))] // shift
    [InlineData(116, nameof(RoomKey.None))] // power
    [InlineData(272, nameof(RoomKey.None))] // a mouse's button
    public void Key_DoesWhatItSays_AndAnyOtherRaisesTheHand(int code, string does) => Assert.Equal(does, RoomKeys.Of(code).ToString());

    [Fact]
    public void OnlyPressing_Counts()
    {
        Assert.Equal(RoomKey.Hand, RoomKeys.Read(Event(1, 28, 1)));
        Assert.Equal(RoomKey.None, RoomKeys.Read(Event(1, 28, 0))); // released
        Assert.Equal(RoomKey.None, RoomKeys.Read(Event(1, 28, 2))); // held
        Assert.Equal(RoomKey.None, RoomKeys.Read(Event(4, 4, 28))); // scan code
    }

    [Fact]
    public void AnyBytes_AreReadWithoutHarm() => Prop.ForAll<byte[]>(bytes => Enum.IsDefined(RoomKeys.Read(bytes))).QuickCheckThrowOnFailure();

    private static byte[] Event(ushort type, ushort code, int value)
    {
        byte[] wire = new byte[RoomKeys.EventSize];
        BinaryPrimitives.WriteUInt16LittleEndian(wire.AsSpan(16), type);
        BinaryPrimitives.WriteUInt16LittleEndian(wire.AsSpan(18), code);
        BinaryPrimitives.WriteInt32LittleEndian(wire.AsSpan(20), value);
        return wire;
    }
}
