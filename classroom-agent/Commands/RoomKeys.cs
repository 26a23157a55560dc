using System.Buffers.Binary;

namespace ThreeClassrooms.Agent.Commands;

/// <summary>What a key in the room does.</summary>
internal enum RoomKey
{
    None,

    /// <summary>Raises the hand, or lowers it.</summary>
    Hand,

    /// <summary>Opens the microphone, or closes it.</summary>
    Microphone,
    Louder,
    Quieter,
}

/// <summary>
/// Keys of whatever is plugged in: a keyboard, a remote control, a presenter, a USB button. Codes are the kernel's (<c>input-event-codes.h</c>). A key that
/// means nothing else raises the hand, so that any button works. Pure.
/// </summary>
internal static class RoomKeys
{
    /// <summary>Size of <c>struct input_event</c> where a time takes 16 bytes, as on every 64-bit machine: time, type, code, value.</summary>
    public const int EventSize = 24;

    private const ushort KeyEvent = 1;
    private const int Pressed = 1;

    /// <summary>Modifiers and locks, power, sleep and wake-up: they belong to the machine.</summary>
    private static readonly HashSet<int> Machines = [29, 42, 54, 56, 58, 69, 70, 97, 100, 116, 125, 126, 142, 143];

    /// <summary>M, page up and left (the second button of a presenter), mute, and the telephone's own mute.</summary>
    private static readonly HashSet<int> Microphones = [50, 104, 105, 113, 248];

    private const int Quieter = 114, Louder = 115;

    /// <summary>From here on there are buttons of mice, pads and joysticks; keys of remote controls begin again at 0x160.</summary>
    private const int Buttons = 0x100, Remotes = 0x160;

    public static RoomKey Of(int code) => code switch
    {
        <= 0 or (>= Buttons and < Remotes) => RoomKey.None,
        Quieter => RoomKey.Quieter,
        Louder => RoomKey.Louder,
        _ when Machines.Contains(code) => RoomKey.None,
        _ when Microphones.Contains(code) => RoomKey.Microphone,
        _ => RoomKey.Hand,
    };

    /// <summary>The key that one event presses; never throws.</summary>
    /// <param name="wire"><see cref="EventSize"/> bytes.</param>
    /// <returns><see cref="RoomKey.None"/> for releases, repetitions and all that is no key.</returns>
    public static RoomKey Read(ReadOnlySpan<byte> wire) =>
        wire.Length == EventSize && BinaryPrimitives.ReadUInt16LittleEndian(wire[16..]) == KeyEvent && BinaryPrimitives.ReadInt32LittleEndian(wire[20..]) == Pressed
            ? Of(BinaryPrimitives.ReadUInt16LittleEndian(wire[18..]))
            : RoomKey.None;
}
