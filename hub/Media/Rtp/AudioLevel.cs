namespace ThreeClassrooms.Media.Rtp;

/// <summary>Client-to-mixer audio level (RFC 6464 §3): one byte, V flag and −dBov.</summary>
/// <param name="Voice">The sender believes that the packet contains speech.</param>
/// <param name="Attenuation">0 (overload point) to 127 (digital silence), in −dBov.</param>
public readonly record struct AudioLevel(bool Voice, byte Attenuation)
{
    /// <summary>False when the element is empty.</summary>
    public static bool TryRead(ReadOnlySpan<byte> value, out AudioLevel level)
    {
        level = value.Length > 0 ? new AudioLevel((value[0] & 0x80) != 0, (byte)(value[0] & 0x7F)) : default;
        return value.Length > 0;
    }

    public byte ToByte() => (byte)((Attenuation & 0x7F) | (Voice ? 0x80 : 0));
}
