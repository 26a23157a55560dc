using System.Buffers.Binary;
using ThreeClassrooms.Media.Rtp;

namespace ThreeClassrooms.Media.Payload;

/// <summary>A frame under construction: bytes that grow up to a bound, kept for the next frame.</summary>
internal sealed class FrameBuffer
{
    /// <summary>Bytes of one frame; more is taken for an attack or an error.</summary>
    public const int MaxLength = 4 * 1024 * 1024;

    private byte[] _bytes = new byte[16 * 1024];
    private int _unitAt = -1;

    public int Length { get; private set; }

    public RtpTime Timestamp { get; private set; }

    public bool IsKey { get; set; }

    public bool IsBroken { get; set; }

    public bool IsContinuous { get; set; }

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, Length);

    public void Reset(RtpTime timestamp)
    {
        (Length, _unitAt, Timestamp) = (0, -1, timestamp);
        (IsKey, IsBroken, IsContinuous) = (false, false, false);
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (Length + bytes.Length > MaxLength)
        {
            IsBroken = true;
            return;
        }

        if (Length + bytes.Length > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Min(MaxLength, Math.Max(_bytes.Length * 2, Length + bytes.Length)));
        }

        bytes.CopyTo(_bytes.AsSpan(Length));
        Length += bytes.Length;
    }

    /// <summary>Begins a NAL unit behind a length that <see cref="EndUnit"/> fills in.</summary>
    public void BeginUnit()
    {
        _unitAt = Length;
        Append([0, 0, 0, 0]);
    }

    public bool HasOpenUnit => _unitAt >= 0;

    public void EndUnit()
    {
        if (_unitAt >= 0 && !IsBroken)
        {
            BinaryPrimitives.WriteInt32BigEndian(_bytes.AsSpan(_unitAt), Length - _unitAt - 4);
        }

        _unitAt = -1;
    }
}
