using ThreeClassrooms.Media.Rtp;
using ThreeClassrooms.Media.Sdp;

namespace ThreeClassrooms.Media.Payload;

/// <summary>
/// Makes whole frames (access units) of ordered packets, as <see cref="JitterBuffer"/> gives them. A frame ends where the next one begins: at another
/// timestamp, or at what only a new picture begins with (a first slice, a parameter set, a delimiter). What stands before a picture (parameter sets, SEI)
/// belongs to it whatever timestamp it has; a key frame without parameter sets gets the newest ones. A frame with a hole is reported once as incomplete.
/// One owner; memory grows to the largest frame and stays.
/// </summary>
/// <param name="endsAtMarker">
/// True (for showing at once): a frame also ends with the marker, until a marker was found in the middle of a picture, as encoders have it that set one on every slice.
/// False (for the record): the marker alone ends nothing, and the newest frame waits for the next one or for <see cref="Flush"/>.
/// </param>
public sealed class FrameAssembler(CodecKind codec, bool endsAtMarker = true)
{
    // At most two frames end with one packet: the one before it (its marker was lost) and its own.
    private FrameBuffer[]? _ready;
    private FrameBuffer? _building;
    private bool _open;
    private bool _gapBefore = true;
    private bool _unbroken;
    private bool _marked; // the newest packet of the open frame
    private bool _markersLie;
    private RtpTime? _endedAtMarker;
    private int _readyCount;
    private int _taken;

    /// <summary>H.264: the newest parameter sets that have come; sets known from elsewhere may be added.</summary>
    public ParameterSets Sets { get; init; } = new();

    /// <summary>The newest frame may be whole: its last packet has the marker. <see cref="Flush"/> it when nothing follows for a while.</summary>
    public bool MayBeWhole => _open && _marked && Building is { HasPicture: true, HasOpenUnit: false };

    private FrameBuffer Building => _building ??= new FrameBuffer(Sets);

    private FrameBuffer[] Ready => _ready ??= [new FrameBuffer(Sets), new FrameBuffer(Sets)];

    /// <summary>Drain with <see cref="TryTake"/> after every packet.</summary>
    /// <param name="payload">Without RTP header and padding; may be empty (padding probes).</param>
    public void OnPacket(in OrderedPacket packet, ReadOnlySpan<byte> payload)
    {
        (_readyCount, _taken) = (0, 0);
        _gapBefore |= packet.AfterGap;
        if (_open)
        {
            EndBefore(packet, payload);
        }

        if (payload.Length == 0)
        {
            return;
        }

        FrameBuffer building = Building;
        bool gap = _gapBefore;
        bool goesOn = !gap && ((_open && _marked) || _endedAtMarker == packet.Timestamp) && Payloads.ContinuesPicture(codec, payload);
        _markersLie |= goesOn;
        bool begins = gap && Payloads.MayStartFrame(codec, payload);
        if (!_open)
        {
            building.Reset(packet.Timestamp);
            _open = true;
            building.IsBroken = goesOn || (gap && !begins); // of a picture that was ended by a marker in its middle, this is the rest
            _unbroken &= !gap;
        }
        else
        {
            building.IsBroken |= gap && (building.HasPicture || !begins);
        }

        _gapBefore = false;
        if (!building.IsBroken && !Payloads.Append(codec, payload, building))
        {
            building.IsBroken = true;
        }

        building.Last = packet.Sequence;
        OnMarker(packet);
    }

    /// <summary>Ends the open frame although nothing followed it: at the end, or when its marker has come and the next frame keeps us waiting. Drain with <see cref="TryTake"/>.</summary>
    public void Flush()
    {
        (_readyCount, _taken) = (0, 0);
        if (_open && Building.HasPicture)
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

        FrameBuffer buffer = Ready[_taken++];
        frame = new AssembledFrame
        {
            Data = buffer.IsBroken ? default : buffer.Bytes,
            Timestamp = buffer.Timestamp,
            Last = buffer.Last,
            IsKey = buffer.IsKey && !buffer.IsBroken,
            IsComplete = !buffer.IsBroken,
            IsContinuous = buffer.IsContinuous,
        };
        return true;
    }

    /// <summary>Ends the open frame when the packet belongs to another one.</summary>
    private void EndBefore(in OrderedPacket packet, ReadOnlySpan<byte> payload)
    {
        FrameBuffer building = Building;
        bool later = packet.Timestamp != building.Timestamp;
        if (!building.HasPicture && !building.IsBroken)
        {
            if (later && payload.Length > 0)
            {
                building.Retime(packet.Timestamp);
            }
        }
        else if (later || (payload.Length > 0 && Payloads.BeginsPicture(codec, payload)))
        {
            building.IsBroken |= _gapBefore && (!_marked || _markersLie);
            Close();
        }
    }

    private void OnMarker(in OrderedPacket packet)
    {
        FrameBuffer building = Building;
        _marked = packet.Marker;
        _endedAtMarker = null;
        bool ends = packet.Marker && endsAtMarker && !_markersLie && (building.IsBroken || (building.HasPicture && !building.HasOpenUnit));
        if (ends || codec == CodecKind.Opus)
        {
            Close();
            _endedAtMarker = packet.Timestamp;
        }
    }

    private void Close()
    {
        FrameBuffer building = Building;
        _open = false;
        building.IsBroken |= building.HasOpenUnit || building.Length == 0;
        if (codec == CodecKind.Opus)
        {
            building.IsContinuous = !building.IsBroken;
        }
        else
        {
            _unbroken = !building.IsBroken && (building.IsKey || _unbroken);
            building.IsContinuous = _unbroken;
        }

        (_building, Ready[_readyCount]) = (Ready[_readyCount], building);
        _readyCount++;
    }
}
