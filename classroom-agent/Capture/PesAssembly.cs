using System.Buffers;
using System.Buffers.Binary;

namespace ThreeClassrooms.Agent.Capture;

/// <summary>Puts the packetised elementary stream of one PID together (ISO/IEC 13818-1 §2.4.3.6). Hands a packet over as soon as its announced length is there, else when the next begins.</summary>
/// <param name="onPacket">Gets the time stamp, unwrapped over 33 bits, and a copy of the payload.</param>
internal sealed class PesAssembly(int pid, Action<TimeSpan, byte[]> onPacket)
{
    private const int LargestPacket = 4 * 1024 * 1024;
    private readonly ArrayBufferWriter<byte> _data = new(64 * 1024);
    private long _lastPts = -1;
    private int _expected;
    private bool _open;

    public int Pid => pid;

    public void OnPayload(ReadOnlySpan<byte> payload, bool start)
    {
        if (start)
        {
            Finish();
            _open = payload.Length >= 9 && payload[0] == 0 && payload[1] == 0 && payload[2] == 1;
            int length = _open ? BinaryPrimitives.ReadUInt16BigEndian(payload[4..]) : 0;
            _expected = length == 0 ? 0 : length + 6;
        }

        if (!_open || _data.WrittenCount + payload.Length > LargestPacket)
        {
            _open = false;
            return;
        }

        _data.Write(payload);
        if (_expected > 0 && _data.WrittenCount >= _expected)
        {
            Finish();
        }
    }

    private void Finish()
    {
        ReadOnlySpan<byte> packet = _data.WrittenSpan;
        if (_open && packet.Length > 9 && TryReadPts(packet, out long pts))
        {
            int header = 9 + packet[8];
            if (header < packet.Length)
            {
                onPacket(TimeSpan.FromTicks(pts * 1000 / 9), packet[header..].ToArray());
            }
        }

        _open = false;
        _data.ResetWrittenCount();
    }

    private bool TryReadPts(ReadOnlySpan<byte> packet, out long pts)
    {
        pts = 0;
        if ((packet[7] & 0x80) == 0 || packet.Length < 14)
        {
            return false;
        }

        long raw = ((long)(packet[9] & 0x0E) << 29) | ((long)packet[10] << 22) | ((long)(packet[11] & 0xFE) << 14) | ((long)packet[12] << 7) | ((long)packet[13] >> 1);
        if (_lastPts >= 0)
        {
            // The nearest value with these 33 bits.
            long step = (raw - _lastPts) & 0x1_FFFF_FFFF;
            raw = _lastPts + (step >= 0x1_0000_0000 ? step - 0x2_0000_0000 : step);
        }

        _lastPts = pts = raw;
        return true;
    }
}
