using System.Buffers.Binary;
using ThreeClassrooms.Media.Rtp;

namespace ThreeClassrooms.Media.Payload;

/// <summary>A frame under construction: bytes that grow up to a bound, kept for the next frame.</summary>
/// <param name="sets">What H.264 key frames are completed from, and what is learned on the way; shared by the frames of one stream.</param>
internal sealed class FrameBuffer(ParameterSets sets)
{
    /// <summary>Bytes of one frame; more is taken for an attack or an error.</summary>
    public const int MaxLength = 4 * 1024 * 1024;

    private byte[] _bytes = new byte[16 * 1024];
    private int _unitAt = -1;
    private bool _hasSps;
    private bool _hasPps;

    public int Length { get; private set; }

    public RtpTime Timestamp { get; private set; }

    public bool IsKey { get; set; }

    public bool IsBroken { get; set; }

    public bool IsContinuous { get; set; }

    /// <summary>There is some of the picture itself, not only what stands before it (parameter sets, delimiter, SEI).</summary>
    public bool HasPicture { get; set; }

    /// <summary>The last packet of the frame.</summary>
    public SeqNo Last { get; set; }

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, Length);

    public void Reset(RtpTime timestamp)
    {
        (Length, _unitAt, Timestamp) = (0, -1, timestamp);
        (IsKey, IsBroken, IsContinuous, HasPicture, _hasSps, _hasPps) = (false, false, false, false, false, false);
    }

    /// <summary>What has come stands before the picture of another timestamp.</summary>
    public void Retime(RtpTime timestamp) => Timestamp = timestamp;

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
    /// <param name="header">The unit's header byte.</param>
    /// <param name="rest">As much of what follows the header as has come.</param>
    public void BeginUnit(byte header, ReadOnlySpan<byte> rest)
    {
        int type = NalType.Of(header);
        _hasSps |= type == NalType.Sps;
        _hasPps |= type == NalType.Pps;
        if (NalType.IsSlice(type))
        {
            bool key = type == NalType.Idr || (!HasPicture && _hasSps && NalType.IsIntraSlice(rest));
            if (key && !HasPicture)
            {
                Complete();
            }

            IsKey |= key;
            HasPicture = true;
        }

        OpenUnit();
        Append([header]);
        Append(rest);
    }

    public bool HasOpenUnit => _unitAt >= 0;

    public void EndUnit()
    {
        if (_unitAt >= 0 && !IsBroken)
        {
            BinaryPrimitives.WriteInt32BigEndian(_bytes.AsSpan(_unitAt), Length - _unitAt - 4);
            sets.Learn(_bytes.AsSpan(_unitAt + 4, Length - _unitAt - 4));
        }

        _unitAt = -1;
    }

    private void OpenUnit()
    {
        _unitAt = Length;
        Append([0, 0, 0, 0]);
    }

    /// <summary>A key frame that came without its parameter sets gets the newest ones, so that decoding may begin with it.</summary>
    private void Complete()
    {
        foreach (byte[] unit in sets.Units)
        {
            if (NalType.Of(unit[0]) == NalType.Sps ? !_hasSps : !_hasPps)
            {
                OpenUnit();
                Append(unit);
                EndUnit();
            }
        }
    }
}
