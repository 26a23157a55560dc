using System.Globalization;

namespace ThreeClassrooms.Media.Sdp;

/// <summary>What a decoder must be able to do for a stream, weakest first.</summary>
public enum H264Capability
{
    /// <summary>Baseline and constrained baseline; real encoders produce the constrained form under both names.</summary>
    Baseline,
    Main,
    ConstrainedHigh,
    High,

    /// <summary>4:2:2, 4:4:4, intra and extended profiles: compatible with themselves only.</summary>
    Other,
}

/// <summary>The profile-level-id of H.264 (RFC 6184 §8.1): profile_idc, constraint flags, level_idc.</summary>
public readonly record struct H264Profile(byte Idc, byte Constraints, byte Level)
{
    /// <summary>What a missing profile-level-id means: baseline at level 1.</summary>
    public static readonly H264Profile Default = new(0x42, 0x00, 0x0A);

    /// <summary>Constrained baseline at level 3.1: what every WebRTC implementation decodes.</summary>
    public static readonly H264Profile ConstrainedBaseline = new(0x42, 0xE0, 0x1F);

    public H264Capability Capability => (Idc, Constraints) switch
    {
        (0x42, _) => H264Capability.Baseline,
        (0x4D, var c) => (c & 0x80) != 0 ? H264Capability.Baseline : H264Capability.Main,
        (0x58, var c) when (c & 0x80) != 0 => H264Capability.Baseline,
        (0x64, var c) => (c & 0x0C) == 0x0C ? H264Capability.ConstrainedHigh : H264Capability.High,
        _ => H264Capability.Other,
    };

    /// <summary>Says "constrained baseline" in so many bits: profile_idc 66 with constraint_set1_flag.</summary>
    public bool IsConstrainedBaseline => Idc == 0x42 && (Constraints & 0x40) != 0;

    /// <summary>False for anything but six hexadecimal digits.</summary>
    public static bool TryParse(string? text, out H264Profile profile)
    {
        profile = default;
        if (text is not { Length: 6 } || !uint.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint value))
        {
            return false;
        }

        profile = new H264Profile((byte)(value >> 16), (byte)(value >> 8 & 0xFF), (byte)(value & 0xFF));
        return true;
    }

    /// <summary>
    /// True when a receiver of this profile decodes a stream of <paramref name="sent"/>. Levels are not compared: all WebRTC receivers
    /// allow level asymmetry and decode beyond what they state.
    /// </summary>
    public bool CanDecode(H264Profile sent) => sent.Capability == H264Capability.Other
        ? Idc == sent.Idc && Constraints == sent.Constraints
        : Capability != H264Capability.Other && Capability >= sent.Capability;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Idc:x2}{Constraints:x2}{Level:x2}");
}
