using System.Buffers.Binary;
using ThreeClassrooms.Media.Peers;

namespace ThreeClassrooms.Media.Stun;

/// <summary>The values found in a STUN message. Attributes after MESSAGE-INTEGRITY, save FINGERPRINT, are ignored (RFC 8489 §14.5).</summary>
internal struct StunFields
{
    public StunClass Class { get; private set; }

    public ushort Method { get; private set; }

    public StunTransaction Transaction { get; private set; }

    public int UsernameAt { get; private set; }

    public int UsernameLength { get; private set; }

    /// <summary>Offset of the attribute's header; 0 when absent.</summary>
    public int IntegrityAt { get; private set; }

    public bool HasFingerprint { get; private set; }

    public bool UseCandidate { get; private set; }

    public uint? Priority { get; private set; }

    /// <summary>The tie-breaker of ICE-CONTROLLING.</summary>
    public ulong? Controlling { get; private set; }

    /// <summary>The tie-breaker of ICE-CONTROLLED.</summary>
    public ulong? Controlled { get; private set; }

    /// <summary>XOR-MAPPED-ADDRESS, as if UDP.</summary>
    public TransportAddress? Mapped { get; private set; }

    /// <summary>300 to 699.</summary>
    public int? ErrorCode { get; private set; }

    /// <summary>The first comprehension-required attribute (type below 0x8000) that this library does not know; 0 when there is none.</summary>
    public ushort UnknownRequired { get; private set; }

    public static StunError TryRead(ReadOnlySpan<byte> wire, out StunFields fields)
    {
        fields = default;
        if (wire.Length < StunMessage.HeaderLength)
        {
            return StunError.TooShort;
        }

        if (wire.Length > StunMessage.MaxLength)
        {
            return StunError.TooLong;
        }

        var type = BinaryPrimitives.ReadUInt16BigEndian(wire);
        if (type >> 14 != 0)
        {
            return StunError.BadType;
        }

        if (BinaryPrimitives.ReadUInt32BigEndian(wire[4..]) != StunMessage.Magic)
        {
            return StunError.BadMagic;
        }

        var length = BinaryPrimitives.ReadUInt16BigEndian(wire[2..]);
        if (length % 4 != 0 || length != wire.Length - StunMessage.HeaderLength)
        {
            return StunError.BadLength;
        }

        // Type bits: M11-M7 C1 M6-M4 C0 M3-M0.
        fields.Class = (StunClass)(((type >> 7) & 2) | ((type >> 4) & 1));
        fields.Method = (ushort)((type & 0xF) | ((type >> 1) & 0x70) | ((type >> 2) & 0xF80));
        fields.Transaction = new StunTransaction(BinaryPrimitives.ReadUInt32BigEndian(wire[8..]), BinaryPrimitives.ReadUInt64BigEndian(wire[12..]));
        return fields.ReadAttributes(wire);
    }

    private StunError ReadAttributes(ReadOnlySpan<byte> wire)
    {
        var at = StunMessage.HeaderLength;
        while (at < wire.Length)
        {
            var type = BinaryPrimitives.ReadUInt16BigEndian(wire[at..]);
            var length = BinaryPrimitives.ReadUInt16BigEndian(wire[(at + 2)..]);
            var padded = (length + 3) & ~3;
            if (at + 4 + padded > wire.Length)
            {
                return StunError.BadAttribute;
            }

            var error = HasFingerprint ? StunError.BadAttribute : ReadAttribute(wire, at, type, wire.Slice(at + 4, length));
            if (error != StunError.None)
            {
                return error;
            }

            at += 4 + padded;
        }

        return StunError.None;
    }

    private StunError ReadAttribute(ReadOnlySpan<byte> wire, int at, ushort type, ReadOnlySpan<byte> value)
    {
        if (type == StunAttribute.Fingerprint)
        {
            HasFingerprint = true;
            return value.Length != 4 ? StunError.BadAttribute
                : BinaryPrimitives.ReadUInt32BigEndian(value) == (Crc32.Compute(wire[..at]) ^ StunWriter.FingerprintMask) ? StunError.None
                : StunError.BadFingerprint;
        }

        if (IntegrityAt != 0)
        {
            return StunError.None;
        }

        var known = true;
        switch (type)
        {
            case StunAttribute.Username:
                (UsernameAt, UsernameLength) = (at + 4, value.Length);
                break;
            case StunAttribute.MessageIntegrity:
                IntegrityAt = at;
                known = value.Length == StunIntegrity.Length;
                break;
            case StunAttribute.UseCandidate:
                UseCandidate = true;
                known = value.IsEmpty;
                break;
            case StunAttribute.Priority:
                known = value.Length == 4;
                Priority = known ? BinaryPrimitives.ReadUInt32BigEndian(value) : null;
                break;
            case StunAttribute.IceControlling:
                known = value.Length == 8;
                Controlling = known ? BinaryPrimitives.ReadUInt64BigEndian(value) : null;
                break;
            case StunAttribute.IceControlled:
                known = value.Length == 8;
                Controlled = known ? BinaryPrimitives.ReadUInt64BigEndian(value) : null;
                break;
            case StunAttribute.XorMappedAddress:
                known = TryReadMapped(value);
                break;
            case StunAttribute.ErrorCode:
                known = value.Length >= 4 && (value[2] & 7) is >= 3 and <= 6 && value[3] < 100;
                ErrorCode = known ? ((value[2] & 7) * 100) + value[3] : null;
                break;
            case StunAttribute.MappedAddress or StunAttribute.UnknownAttributes or StunAttribute.Realm or StunAttribute.Nonce
                or StunAttribute.MessageIntegritySha256 or StunAttribute.PasswordAlgorithm or StunAttribute.UserHash:
                break;
            default:
                UnknownRequired = UnknownRequired == 0 && type < 0x8000 ? type : UnknownRequired;
                break;
        }

        return known ? StunError.None : StunError.BadAttribute;
    }

    // 0 | family (8) | port xor magic (16) | address xor magic, transaction id
    private bool TryReadMapped(ReadOnlySpan<byte> value)
    {
        if (value.Length is not (8 or 20) || value[1] != (value.Length == 8 ? 1 : 2))
        {
            return false;
        }

        var port = (ushort)(BinaryPrimitives.ReadUInt16BigEndian(value[2..]) ^ (StunMessage.Magic >> 16));
        if (value.Length == 8)
        {
            Mapped = TransportAddress.FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(value[4..]) ^ StunMessage.Magic, port);
            return true;
        }

        var high = BinaryPrimitives.ReadUInt64BigEndian(value[4..]) ^ (((ulong)StunMessage.Magic << 32) | Transaction.High);
        Mapped = new TransportAddress(high, BinaryPrimitives.ReadUInt64BigEndian(value[12..]) ^ Transaction.Low, port);
        return true;
    }
}
