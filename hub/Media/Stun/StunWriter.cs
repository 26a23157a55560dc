using System.Buffers.Binary;
using System.Text;
using ThreeClassrooms.Media.Peers;

namespace ThreeClassrooms.Media.Stun;

/// <summary>
/// Writes one STUN message into the caller's buffer, attribute after attribute; integrity, then fingerprint come last.
/// The buffer must have room (ours have 1,280 bytes): running over is a bug and throws.
/// </summary>
internal ref struct StunWriter
{
    public const uint FingerprintMask = 0x5354_554E;
    private readonly Span<byte> _buffer;
    private readonly StunTransaction _transaction;

    public StunWriter(Span<byte> buffer, StunClass kind, StunTransaction transaction, ushort method = StunMessage.Binding)
    {
        _buffer = buffer;
        _transaction = transaction;
        var bits = (int)kind;
        var type = (method & 0xF) | ((method & 0x70) << 1) | ((method & 0xF80) << 2) | ((bits & 2) << 7) | ((bits & 1) << 4);
        BinaryPrimitives.WriteUInt16BigEndian(buffer, (ushort)type);
        BinaryPrimitives.WriteUInt32BigEndian(buffer[4..], StunMessage.Magic);
        BinaryPrimitives.WriteUInt32BigEndian(buffer[8..], transaction.High);
        BinaryPrimitives.WriteUInt64BigEndian(buffer[12..], transaction.Low);
        Length = StunMessage.HeaderLength;
        WriteLength();
    }

    /// <summary>Bytes written so far: the whole message.</summary>
    public int Length { get; private set; }

    /// <param name="padding">RFC 5769 pads with spaces; we pad with zeros.</param>
    public void Add(ushort type, scoped ReadOnlySpan<byte> value, byte padding = 0)
    {
        var place = Reserve(type, value.Length);
        value.CopyTo(place);
        _buffer[(Length - (((value.Length + 3) & ~3) - value.Length))..Length].Fill(padding);
    }

    public void AddUsername(string receiver, string sender)
    {
        Span<byte> name = stackalloc byte[520];
        var length = Encoding.UTF8.GetBytes(receiver, name);
        name[length++] = (byte)':';
        length += Encoding.UTF8.GetBytes(sender, name[length..]);
        Add(StunAttribute.Username, name[..length]);
    }

    public void AddPriority(uint priority) => BinaryPrimitives.WriteUInt32BigEndian(Reserve(StunAttribute.Priority, 4), priority);

    public void AddUseCandidate() => Reserve(StunAttribute.UseCandidate, 0);

    /// <param name="type"><see cref="StunAttribute.IceControlling"/> or <see cref="StunAttribute.IceControlled"/>.</param>
    public void AddRole(ushort type, ulong tieBreaker) => BinaryPrimitives.WriteUInt64BigEndian(Reserve(type, 8), tieBreaker);

    public void AddMapped(TransportAddress address)
    {
        var value = Reserve(StunAttribute.XorMappedAddress, address.IsIPv4 ? 8 : 20);
        value[0] = 0;
        value[1] = (byte)(address.IsIPv4 ? 1 : 2);
        BinaryPrimitives.WriteUInt16BigEndian(value[2..], (ushort)(address.Port ^ (StunMessage.Magic >> 16)));
        if (address.IsIPv4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(value[4..], unchecked((uint)address.Low) ^ StunMessage.Magic);
        }
        else
        {
            BinaryPrimitives.WriteUInt64BigEndian(value[4..], address.High ^ (((ulong)StunMessage.Magic << 32) | _transaction.High));
            BinaryPrimitives.WriteUInt64BigEndian(value[12..], address.Low ^ _transaction.Low);
        }
    }

    /// <param name="code">300 to 699.</param>
    public void AddError(int code, scoped ReadOnlySpan<byte> reason)
    {
        var value = Reserve(StunAttribute.ErrorCode, 4 + reason.Length);
        BinaryPrimitives.WriteUInt32BigEndian(value, (uint)(((code / 100) << 8) | (code % 100)));
        reason.CopyTo(value[4..]);
    }

    public void AddUnknownAttribute(ushort type) => BinaryPrimitives.WriteUInt16BigEndian(Reserve(StunAttribute.UnknownAttributes, 2), type);

    public void AddIntegrity(scoped ReadOnlySpan<byte> key)
    {
        Span<byte> mac = stackalloc byte[StunIntegrity.Length];
        StunIntegrity.Compute(key, _buffer[..Length], mac);
        mac.CopyTo(Reserve(StunAttribute.MessageIntegrity, StunIntegrity.Length));
    }

    public void AddFingerprint()
    {
        var at = Length;
        var value = Reserve(StunAttribute.Fingerprint, 4);
        BinaryPrimitives.WriteUInt32BigEndian(value, Crc32.Compute(_buffer[..at]) ^ FingerprintMask);
    }

    private Span<byte> Reserve(ushort type, int length)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_buffer[Length..], type);
        BinaryPrimitives.WriteUInt16BigEndian(_buffer[(Length + 2)..], (ushort)length);
        var value = _buffer.Slice(Length + 4, (length + 3) & ~3);
        value[length..].Clear();
        Length += 4 + value.Length;
        WriteLength();
        return value[..length];
    }

    private readonly void WriteLength() => BinaryPrimitives.WriteUInt16BigEndian(_buffer[2..], (ushort)(Length - StunMessage.HeaderLength));
}
