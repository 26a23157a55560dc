using System.Buffers.Binary;

namespace ThreeClassrooms.Agent.Capture;

/// <summary>
/// Takes H.264 and Opus frames out of an MPEG transport stream (ISO/IEC 13818-1; Opus as ETSI TS 103 491 annex). Pure; one owner.
/// Bytes may come in pieces of any size; what is not understood is skipped.
/// </summary>
/// <param name="onOtherPicture">Told of a picture track that is not H.264. Null: nobody wants to know.</param>
/// <param name="onSamples">Gets what is in the private stream without a name: see <see cref="FfmpegCapture"/>. Null: it is skipped.</param>
internal sealed class TransportStreamReader(Action<MediaFrame> onFrame, Action<byte[]>? onSamples = null, Action? onOtherPicture = null)
{
    private const int PacketSize = 188;
    private const byte Sync = 0x47;

    // Stream types of pictures that lessons cannot carry (ISO/IEC 13818-1, table 2-34).
    private const byte Mpeg2Video = 0x02, Mpeg4Video = 0x10, H265 = 0x24, H266 = 0x33;
    private readonly byte[] _partial = new byte[PacketSize];
    private int _partialLength;
    private int _programMapPid = -1;
    private PesAssembly? _video;
    private PesAssembly? _audio;
    private PesAssembly? _samples;

    public void OnBytes(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            if (_partialLength == 0)
            {
                int sync = bytes.IndexOf(Sync);
                if (sync < 0)
                {
                    return;
                }

                bytes = bytes[sync..];
            }

            int take = Math.Min(PacketSize - _partialLength, bytes.Length);
            bytes[..take].CopyTo(_partial.AsSpan(_partialLength));
            _partialLength += take;
            bytes = bytes[take..];
            if (_partialLength == PacketSize)
            {
                _partialLength = 0;
                OnPacket(_partial);
            }
        }
    }

    private void OnPacket(ReadOnlySpan<byte> packet)
    {
        bool start = (packet[1] & 0x40) != 0;
        int pid = BinaryPrimitives.ReadUInt16BigEndian(packet[1..]) & 0x1FFF;
        int control = (packet[3] >> 4) & 3;
        int offset = (control & 2) != 0 ? 5 + packet[4] : 4;
        if ((control & 1) == 0 || offset >= PacketSize)
        {
            return;
        }

        ReadOnlySpan<byte> payload = packet[offset..];
        if (pid == 0 && start)
        {
            ReadAssociation(payload);
        }
        else if (pid == _programMapPid && start)
        {
            ReadProgramMap(payload);
        }
        else if (pid == _video?.Pid)
        {
            _video.OnPayload(payload, start);
        }
        else if (pid == _audio?.Pid)
        {
            _audio.OnPayload(payload, start);
        }
        else if (pid == _samples?.Pid)
        {
            _samples.OnPayload(payload, start);
        }
    }

    private void ReadAssociation(ReadOnlySpan<byte> payload)
    {
        // pointer, table header of 8 bytes, then program number and PID.
        int at = 1 + payload[0] + 8;
        if (at + 4 <= payload.Length)
        {
            _programMapPid = BinaryPrimitives.ReadUInt16BigEndian(payload[(at + 2)..]) & 0x1FFF;
        }
    }

    private void ReadProgramMap(ReadOnlySpan<byte> payload)
    {
        int section = 1 + payload[0];
        if (section + 12 > payload.Length)
        {
            return;
        }

        int end = Math.Min(payload.Length, section + 3 + (BinaryPrimitives.ReadUInt16BigEndian(payload[(section + 1)..]) & 0xFFF) - 4);
        int at = section + 12 + (BinaryPrimitives.ReadUInt16BigEndian(payload[(section + 10)..]) & 0xFFF);
        while (at + 5 <= end)
        {
            int pid = BinaryPrimitives.ReadUInt16BigEndian(payload[(at + 1)..]) & 0x1FFF;
            int described = BinaryPrimitives.ReadUInt16BigEndian(payload[(at + 3)..]) & 0xFFF;
            ReadOnlySpan<byte> descriptors = payload[(at + 5)..Math.Min(end, at + 5 + described)];
            if (payload[at] == 0x1B && _video?.Pid != pid)
            {
                _video = new PesAssembly(pid, (pts, data) => onFrame(AccessUnit.Frame(pts, data)));
            }
            else if (payload[at] == 0x06 && descriptors.IndexOf("Opus"u8) >= 0 && _audio?.Pid != pid)
            {
                _audio = new PesAssembly(pid, OnOpus);
            }
            else if (payload[at] == 0x06 && descriptors.IndexOf("Opus"u8) < 0 && onSamples is not null && _samples?.Pid != pid)
            {
                _samples = new PesAssembly(pid, (_, data) => onSamples(data));
            }

            else if (payload[at] is Mpeg2Video or Mpeg4Video or H265 or H266)
            {
                onOtherPicture?.Invoke();
            }

            at += 5 + described;
        }
    }

    private void OnOpus(TimeSpan pts, byte[] data)
    {
        ReadOnlySpan<byte> rest = data;
        while (OpusControl.TryRead(rest, out int header, out int size))
        {
            onFrame(new MediaFrame(TrackKind.Audio, pts, true, rest.Slice(header, size).ToArray()));
            pts += TimeSpan.FromMilliseconds(20);
            rest = rest[(header + size)..];
        }
    }
}
