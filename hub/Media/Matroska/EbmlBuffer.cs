using System.Buffers.Binary;
using System.Text;

namespace ThreeClassrooms.Media.Matroska;

/// <summary>Appends EBML elements (RFC 8794) to memory that grows and is kept.</summary>
internal sealed class EbmlBuffer
{
    private byte[] _bytes = new byte[4096];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public void Clear() => Length = 0;

    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        if (Length + bytes.Length > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + bytes.Length));
        }

        bytes.CopyTo(_bytes.AsSpan(Length));
        Length += bytes.Length;
    }

    public void Id(uint id)
    {
        Span<byte> four = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(four, id);
        Bytes(four[(id > 0xFFFFFF ? 0 : id > 0xFFFF ? 1 : id > 0xFF ? 2 : 3)..]);
    }

    /// <summary>A data size in the shortest form (RFC 8794 §6); all ones would mean "unknown" and take one byte more.</summary>
    public void Size(long size)
    {
        int length = 1;
        while (length < 8 && size >= (1L << (7 * length)) - 1)
        {
            length++;
        }

        Span<byte> eight = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(eight, size | (1L << (7 * length)));
        Bytes(eight[(8 - length)..]);
    }

    /// <summary>A master element that ends with its parent or with the file.</summary>
    public void UnknownSize(uint id)
    {
        Id(id);
        Bytes([0x01, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]);
    }

    public void Unsigned(uint id, ulong value)
    {
        Span<byte> eight = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(eight, value);
        int skip = 0;
        while (skip < 7 && eight[skip] == 0)
        {
            skip++;
        }

        Binary(id, eight[skip..]);
    }

    /// <summary>8 bytes, signed: a date in nanoseconds since 2001.</summary>
    public void Date(uint id, DateTimeOffset utc)
    {
        Span<byte> eight = stackalloc byte[8];
        long ticks = (utc - new DateTimeOffset(2001, 1, 1, 0, 0, 0, TimeSpan.Zero)).Ticks;
        BinaryPrimitives.WriteInt64BigEndian(eight, ticks * 100);
        Binary(id, eight);
    }

    public void Float(uint id, double value)
    {
        Span<byte> eight = stackalloc byte[8];
        BinaryPrimitives.WriteDoubleBigEndian(eight, value);
        Binary(id, eight);
    }

    public void Text(uint id, string ascii) => Binary(id, Encoding.ASCII.GetBytes(ascii));

    public void Binary(uint id, ReadOnlySpan<byte> value)
    {
        Id(id);
        Size(value.Length);
        Bytes(value);
    }

    /// <summary>A master element around what another buffer holds.</summary>
    public void Master(uint id, EbmlBuffer content) => Binary(id, content.Written);
}
