using System.Security.Cryptography;

namespace ThreeClassrooms.Media.Stun;

/// <summary>
/// A parsed view of one STUN message (RFC 8489 §5). Lives as long as the bytes it was read from.
/// <code>
/// |0 0| type (14) |      length (16)      |
/// |          magic cookie (32)            |
/// |          transaction id (96)          |
/// | attributes: type (16), length (16), value padded to 4 … |
/// </code>
/// </summary>
internal readonly ref struct StunMessage
{
    public const int HeaderLength = 20;

    /// <summary>Longer messages are refused: no check comes near it, and the MAC is computed on a stack copy.</summary>
    public const int MaxLength = 1280;
    public const uint Magic = 0x2112_A442;
    public const ushort Binding = 1;
    private readonly ReadOnlySpan<byte> _wire;
    private readonly int _integrityAt;

    private StunMessage(ReadOnlySpan<byte> wire, StunFields fields)
    {
        _wire = wire;
        _integrityAt = fields.IntegrityAt;
        Fields = fields;
    }

    /// <summary>Everything but the user name, copied out of the bytes.</summary>
    public StunFields Fields { get; }

    public StunClass Class => Fields.Class;

    public StunTransaction Transaction => Fields.Transaction;

    /// <summary>USERNAME as it is on the wire, UTF-8; empty when absent.</summary>
    public ReadOnlySpan<byte> Username => _wire.Slice(Fields.UsernameAt, Fields.UsernameLength);

    public bool HasIntegrity => _integrityAt != 0;

    /// <summary>Never throws, never allocates. A message with a wrong FINGERPRINT is refused; integrity is checked by <see cref="IsAuthentic"/>.</summary>
    /// <param name="wire">One whole datagram.</param>
    public static StunError TryRead(ReadOnlySpan<byte> wire, out StunMessage message)
    {
        message = default;
        var error = StunFields.TryRead(wire, out var fields);
        if (error == StunError.None)
        {
            message = new StunMessage(wire, fields);
        }

        return error;
    }

    /// <summary>Checks MESSAGE-INTEGRITY in constant time; false when the attribute is absent.</summary>
    /// <param name="key">The password's bytes.</param>
    public bool IsAuthentic(ReadOnlySpan<byte> key)
    {
        if (!HasIntegrity)
        {
            return false;
        }

        Span<byte> mac = stackalloc byte[StunIntegrity.Length];
        StunIntegrity.Compute(key, _wire[.._integrityAt], mac);
        return CryptographicOperations.FixedTimeEquals(mac, _wire.Slice(_integrityAt + 4, StunIntegrity.Length));
    }
}
