namespace ThreeClassrooms.Media.Rtp;

/// <summary>
/// The header extension elements of one packet (RFC 8285 §4.2 one-byte, §4.3 two-byte), read in place without allocation.
/// A malformed rest ends the enumeration; it never throws.
/// </summary>
public readonly ref struct RtpExtensions
{
    public const ushort OneByteProfile = 0xBEDE;
    public const ushort TwoByteProfile = 0x1000;

    private readonly ReadOnlySpan<byte> _elements;
    private readonly bool _twoByte;

    /// <param name="wire">The datagram that <paramref name="header"/> was read from.</param>
    public RtpExtensions(ReadOnlySpan<byte> wire, in RtpHeader header)
    {
        _twoByte = (header.ExtensionProfile & 0xFFF0) == TwoByteProfile;
        if (_twoByte || header.ExtensionProfile == OneByteProfile)
        {
            _elements = wire.Slice(header.ExtensionOffset, header.ExtensionLength);
        }
    }

    public Enumerator GetEnumerator() => new(_elements, _twoByte);

    /// <summary>The first element with this identifier. 0 (not agreed) is never found.</summary>
    public bool TryFind(byte id, out ReadOnlySpan<byte> value)
    {
        if (id != 0)
        {
            foreach (Element element in this)
            {
                if (element.Id == id)
                {
                    value = element.Value;
                    return true;
                }
            }
        }

        value = default;
        return false;
    }

    /// <summary>One element; <see cref="Value"/> points into the datagram.</summary>
    public readonly ref struct Element(byte id, ReadOnlySpan<byte> value)
    {
        public byte Id { get; } = id;

        /// <summary>1 to 16 bytes in the one-byte form, 0 to 255 in the two-byte form.</summary>
        public ReadOnlySpan<byte> Value { get; } = value;
    }

    public ref struct Enumerator
    {
        private readonly bool _twoByte;
        private ReadOnlySpan<byte> _rest;

        internal Enumerator(ReadOnlySpan<byte> elements, bool twoByte)
        {
            _rest = elements;
            _twoByte = twoByte;
        }

        public Element Current { get; private set; }

        public bool MoveNext()
        {
            while (_rest.Length > 0 && _rest[0] == 0)
            {
                _rest = _rest[1..];
            }

            if (_rest.Length == 0)
            {
                return false;
            }

            int head, length;
            byte id;
            if (_twoByte)
            {
                if (_rest.Length < 2)
                {
                    return false;
                }

                (head, id, length) = (2, _rest[0], _rest[1]);
            }
            else
            {
                (head, id, length) = (1, (byte)(_rest[0] >> 4), (_rest[0] & 0x0F) + 1);
            }

            // Identifier 15 in the one-byte form: processing stops (RFC 8285 §4.2). Identifier 0 with a length is padding that lies.
            if ((!_twoByte && id is 15 or 0) || head + length > _rest.Length)
            {
                _rest = default;
                return false;
            }

            Current = new Element(id, _rest.Slice(head, length));
            _rest = _rest[(head + length)..];
            return true;
        }
    }
}
