using System.Buffers.Binary;
using ThreeClassrooms.Hub.Streams.Loops;
using ThreeClassrooms.Media.Rtp;
using ThreeClassrooms.Media.Time;

namespace ThreeClassrooms.Benchmarks;

/// <summary>
/// The load of one camera: 2 Mbit/s of VP8 at 25 pictures/s (ten packets of 1,000 bytes each, a key frame every 2 s) and 50 packets of
/// sound a second; each packet ends with the time it was sent.
/// </summary>
internal sealed class LoadSource(LoadPeer peer, MonoTime start)
{
    public const int PacketsPerSecond = (25 * PacketsPerPicture) + 50;
    private const int PacketsPerPicture = 10;
    private readonly byte[] _header = new byte[RtpHeader.FixedLength];
    private readonly byte[] _payload = new byte[1000];
    private MonoTime _nextPicture = start;
    private MonoTime _nextSound = start;
    private int _pictures;
    private SeqNo _video = new(1);
    private SeqNo _audio = new(1);
    private int _sounds;

    public void Turn(MonoTime now)
    {
        while (now >= _nextPicture)
        {
            _nextPicture += TimeSpan.FromMilliseconds(40);
            Picture();
        }

        while (now >= _nextSound)
        {
            _nextSound += TimeSpan.FromMilliseconds(20);
            if (peer.Answer.Audio is { Codec: var codec })
            {
                Send(codec.PayloadType, true, _audio, new RtpTime((uint)(++_sounds * 960)), peer.Sources.Audio, _payload.AsSpan(0, 100));
                _audio = _audio.Next;
            }
        }
    }

    private void Picture()
    {
        if (peer.Answer.Video is not { } video)
        {
            return;
        }

        bool key = _pictures++ % 50 == 0;
        for (int i = 0; i < PacketsPerPicture; i++)
        {
            _payload[0] = (byte)(i == 0 ? 0x10 : 0);
            _payload[1] = (byte)(key ? 0 : 1);
            (_payload[4], _payload[5], _payload[6]) = (0x9D, 0x01, 0x2A);
            Send(video.Codec.PayloadType, i == PacketsPerPicture - 1, _video, new RtpTime((uint)(_pictures * 3600)), peer.Sources.Video, _payload);
            _video = _video.Next;
        }
    }

    private void Send(byte type, bool marker, SeqNo sequence, RtpTime timestamp, Ssrc source, Span<byte> payload)
    {
        RtpHeader.Write(_header, type, marker, sequence, timestamp, source);
        BinaryPrimitives.WriteInt64BigEndian(payload[^8..], MonoClock.Now.Nanoseconds);
        peer.SendRtp(_header, payload);
    }
}
