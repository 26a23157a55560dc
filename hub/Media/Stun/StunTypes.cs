namespace ThreeClassrooms.Media.Stun;

/// <summary>The class bits of a STUN message type (RFC 8489 §5).</summary>
internal enum StunClass
{
    Request = 0,
    Indication = 1,
    Success = 2,
    Error = 3,
}

/// <summary>Why bytes are not a STUN message.</summary>
internal enum StunError
{
    None,
    TooShort,
    TooLong,
    BadType,
    BadMagic,
    BadLength,
    BadAttribute,
    BadFingerprint,
}

/// <summary>The attribute types this library knows (RFC 8489 §18.3, RFC 8445 §20.1).</summary>
internal static class StunAttribute
{
    public const ushort MappedAddress = 0x0001;
    public const ushort Username = 0x0006;
    public const ushort MessageIntegrity = 0x0008;
    public const ushort ErrorCode = 0x0009;
    public const ushort UnknownAttributes = 0x000A;
    public const ushort Realm = 0x0014;
    public const ushort Nonce = 0x0015;
    public const ushort MessageIntegritySha256 = 0x001C;
    public const ushort PasswordAlgorithm = 0x001D;
    public const ushort UserHash = 0x001E;
    public const ushort XorMappedAddress = 0x0020;
    public const ushort Priority = 0x0024;
    public const ushort UseCandidate = 0x0025;
    public const ushort Software = 0x8022;
    public const ushort Fingerprint = 0x8028;
    public const ushort IceControlled = 0x8029;
    public const ushort IceControlling = 0x802A;
}

/// <summary>The 96-bit transaction id (RFC 8489 §5).</summary>
internal readonly record struct StunTransaction(uint High, ulong Low);
