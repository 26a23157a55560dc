using ThreeClassrooms.Media.Rtp;
using ThreeClassrooms.Media.Sdp;

namespace ThreeClassrooms.Media.Payload;

/// <summary>
/// Makes whole frames (access units) of ordered packets, as <see cref="JitterBuffer"/> gives them. A frame ends with the marker, or when the timestamp
/// changes. A frame with a hole is reported once as incomplete. One owner; memory grows to the largest frame and stays.
/// </summary>
public sealed class FrameAssembler(CodecKind codec)
{
    // At most two frames end with one packet: the one before it (its marker was lost) and its own.
    private readonly FrameBuffer[] _ready = [new FrameBuffer(), new FrameBuffer()];
    private FrameBuffer _building = new();
    private bool _open;
    private bool _gapBefore = true;
    private bool _unbroken;
    private int _readyCount;
    private int _taken;

    /// <summary>Drain with <see cref="TryTake"/> after every packet.</summary>
    /// <param name="payload">Without RTP header and padding; may be empty (padding probes).</param>
    public void OnPacket(in OrderedPacket packet, ReadOnlySpan<byte> payload)
    {
        (_readyCount, _taken) = (0, 0);
        _gapBefore |= packet.AfterGap;
        if (_open && packet.Timestamp != _building.Timestamp)
        {
            _building.IsBroken |= _gapBefore;
            Close();
        }

        if (payload.Length == 0)
        {
            return;
        }

        if (!_open)
        {
            _building.Reset(packet.Timestamp);
            _open = true;
            _building.IsBroken = _gapBefore && !Payloads.MayStartFrame(codec, payload);
            _unbroken &= !_gapBefore;
        }
        else
        {
            _building.IsBroken |= _gapBefore;
        }

        _gapBefore = false;
        if (!_building.IsBroken && !Payloads.Append(codec, payload, _building))
        {
            _building.IsBroken = true;
        }

        if (packet.Marker || codec == CodecKind.Opus)
        {
            Close();
        }
    }

    public bool TryTake(out AssembledFrame frame)
    {
        frame = default;
        if (_taken >= _readyCount)
        {
            return false;
        }

        FrameBuffer buffer = _ready[_taken++];
        frame = new AssembledFrame
        {
            Data = buffer.IsBroken ? default : buffer.Bytes,
            Timestamp = buffer.Timestamp,
            IsKey = buffer.IsKey && !buffer.IsBroken,
            IsComplete = !buffer.IsBroken,
            IsContinuous = buffer.IsContinuous,
        };
        return true;
    }

    private void Close()
    {
        _open = false;
        _building.IsBroken |= _building.HasOpenUnit || _building.Length == 0;
        if (codec == CodecKind.Opus)
        {
            _building.IsContinuous = !_building.IsBroken;
        }
        else
        {
            _unbroken = !_building.IsBroken && (_building.IsKey || _unbroken);
            _building.IsContinuous = _unbroken;
        }

        (_building, _ready[_readyCount]) = (_ready[_readyCount], _building);
        _readyCount++;
    }
}
