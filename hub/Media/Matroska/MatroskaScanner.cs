using System.Buffers.Binary;
using System.Text;

namespace ThreeClassrooms.Media.Matroska;

/// <summary>One frame of a scanned stream.</summary>
/// <param name="Track">1 video, 2 sound in streams of <see cref="MatroskaWriter"/>.</param>
/// <param name="Offset">Of the frame's first byte from the start of the stream.</param>
public readonly record struct MatroskaBlock(int Track, TimeSpan At, bool IsKey, long Offset, int Length);

/// <summary>
/// Walks a Matroska stream fed in pieces of any size: finds its codecs, how far it is whole, and its length. Reads what
/// <see cref="MatroskaWriter"/> writes; other elements are passed over. Never throws on any bytes. One owner.
/// </summary>
public sealed class MatroskaScanner
{
    /// <summary>Bytes of one leaf element that is read; a larger one ends the scan.</summary>
    public const int MaxElement = 8 * 1024 * 1024;

    private readonly List<string> _codecs = [];
    private byte[] _carry = new byte[64 * 1024];
    private int _carried;
    private long _position;
    private long _clusterAt;
    private long _clusterEnd = -1;
    private long _skip;

    /// <summary>Called for each whole block; null: blocks are only counted.</summary>
    public Action<MatroskaBlock>? OnBlock { get; init; }

    /// <summary>Codec identifiers in track order.</summary>
    public IReadOnlyList<string> Codecs => _codecs;

    public long Blocks { get; private set; }

    public long Clusters { get; private set; }

    /// <summary>The largest block time so far.</summary>
    public TimeSpan End { get; private set; }

    /// <summary>
    /// Bytes from the start up to the end of the last whole cluster (of a stream with sizes) or the last whole block (of a live stream): what a
    /// crashed file can be cut to. 0 before the tracks.
    /// </summary>
    public long WholeLength { get; private set; }

    /// <summary>The bytes are not Matroska from here on.</summary>
    public bool IsBroken { get; private set; }

    public void Feed(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0 && !IsBroken)
        {
            if (_skip > 0)
            {
                int jump = (int)Math.Min(_skip, bytes.Length);
                bytes = bytes[jump..];
                Advance(jump);
                _skip -= jump;
                continue;
            }

            int take = Math.Min(bytes.Length, 64 * 1024);
            Carry(bytes[..take]);
            bytes = bytes[take..];
            bool more = true;
            while (more)
            {
                more = ReadCarried();
            }
        }
    }

    // True when an element was passed over within the carried bytes, so that the next one may be there too.
    private bool ReadCarried()
    {
        int used = 0;
        while (!IsBroken && _skip == 0 && TryElement(_carry.AsSpan(used, _carried - used), out int consumed))
        {
            used += consumed;
            Advance(consumed);
        }

        bool skipping = _skip > 0;
        DropCarried(used);
        return skipping && _skip == 0 && _carried > 0 && !IsBroken;
    }

    private void Carry(ReadOnlySpan<byte> bytes)
    {
        if (_carried + bytes.Length > _carry.Length)
        {
            Array.Resize(ref _carry, Math.Max(_carry.Length * 2, _carried + bytes.Length));
        }

        bytes.CopyTo(_carry.AsSpan(_carried));
        _carried += bytes.Length;
    }

    private void DropCarried(int used)
    {
        int jump = (int)Math.Min(_skip, _carried - used);
        Advance(jump);
        _skip -= jump;
        used += jump;
        Array.Copy(_carry, used, _carry, 0, _carried - used);
        _carried -= used;
    }

    private void Advance(int bytes)
    {
        _position += bytes;
        if (_position == _clusterEnd)
        {
            WholeLength = _position;
        }
    }

    private bool TryElement(ReadOnlySpan<byte> bytes, out int consumed)
    {
        consumed = 0;
        if (!TryHead(bytes, out uint id, out long size, out int head))
        {
            return false;
        }

        if (id is EbmlId.Segment or EbmlId.Tracks or EbmlId.TrackEntry or EbmlId.Cluster)
        {
            consumed = head;
            if (id == EbmlId.Cluster)
            {
                Clusters++;
                _clusterEnd = size < 0 ? -1 : _position + head + size;
            }

            return true;
        }

        if (size is < 0 or > MaxElement)
        {
            IsBroken = true;
            return false;
        }

        if (id is not (EbmlId.Header or EbmlId.CodecId or EbmlId.Timestamp or EbmlId.SimpleBlock))
        {
            consumed = head;
            _skip = size;
            return true;
        }

        if (bytes.Length < head + size)
        {
            return false;
        }

        consumed = head + (int)size;
        Leaf(id, bytes.Slice(head, (int)size), head);
        return true;
    }

    private void Leaf(uint id, ReadOnlySpan<byte> value, int head)
    {
        switch (id)
        {
            case EbmlId.CodecId when _codecs.Count < 8:
                _codecs.Add(Encoding.ASCII.GetString(value[..Math.Min(64, value.Length)]));
                break;
            case EbmlId.Timestamp when value.Length is > 0 and <= 6:
                _clusterAt = 0;
                foreach (byte b in value)
                {
                    _clusterAt = (_clusterAt << 8) | b;
                }

                break;
            case EbmlId.SimpleBlock when value.Length >= 4:
                Block(value, head);
                break;
        }
    }

    private void Block(ReadOnlySpan<byte> value, int head)
    {
        var at = TimeSpan.FromMilliseconds(_clusterAt + BinaryPrimitives.ReadInt16BigEndian(value[1..]));
        Blocks++;
        End = at > End ? at : End;
        if (_clusterEnd < 0)
        {
            WholeLength = _position + head + value.Length;
        }

        OnBlock?.Invoke(new MatroskaBlock(value[0] & 0x7F, at, (value[3] & 0x80) != 0, _position + head + 4, value.Length - 4));
    }

    // False: more bytes are needed, or the stream is broken.
    private bool TryHead(ReadOnlySpan<byte> bytes, out uint id, out long size, out int head)
    {
        (id, size, head) = (0, 0, 0);
        if (bytes.Length < 2)
        {
            return false;
        }

        int idLength = System.Numerics.BitOperations.LeadingZeroCount((uint)bytes[0]) - 23;
        if (idLength > 4)
        {
            IsBroken = true;
            return false;
        }

        if (bytes.Length <= idLength)
        {
            return false;
        }

        for (int i = 0; i < idLength; i++)
        {
            id = (id << 8) | bytes[i];
        }

        int sizeLength = System.Numerics.BitOperations.LeadingZeroCount((uint)bytes[idLength]) - 23;
        if (sizeLength > 8)
        {
            IsBroken = true;
            return false;
        }

        head = idLength + sizeLength;
        if (bytes.Length < head)
        {
            return false;
        }

        ulong value = bytes[idLength] & ((1u << (8 - sizeLength)) - 1);
        for (int i = 1; i < sizeLength; i++)
        {
            value = (value << 8) | bytes[idLength + i];
        }

        size = value == (1UL << (7 * sizeLength)) - 1 ? -1 : (long)value;
        if (_position == 0 && id != EbmlId.Header)
        {
            IsBroken = true;
            return false;
        }

        return true;
    }
}
