using ThreeClassrooms.Media.Time;

namespace ThreeClassrooms.Media.Forwarding;

/// <summary>What the hub remembers of a published packet besides its payload.</summary>
public struct StoredPacket
{
    /// <summary>No audio level came with the packet.</summary>
    public const byte NoLevel = 0xFF;

    /// <summary>Sequence number on the line that does not wrap.</summary>
    public long Sequence;

    /// <summary>Rises by one where the track's source or its numbers began anew: nothing before it continues behind it.</summary>
    public int Line;

    /// <summary>The publisher's timestamp, in units of the codec's clock.</summary>
    public uint Timestamp;

    public MonoTime Arrived;

    public bool Marker;

    /// <summary>The payload begins a key frame (for H.264: its first parameter set or slice).</summary>
    public bool KeyFrameStart;

    /// <summary>The byte of RFC 6464 (voice flag and level), or <see cref="NoLevel"/>.</summary>
    public byte AudioLevel;
}
