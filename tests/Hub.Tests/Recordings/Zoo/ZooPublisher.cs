using ThreeClassrooms.Media.Payload;
using ThreeClassrooms.Media.Rtp;

namespace ThreeClassrooms.Hub.Tests.Recordings.Zoo;

/// <summary>Makes RTP packets of encoded pictures in the manner of a <see cref="Habit"/>, independently of the library's own packetisers.</summary>
internal sealed class ZooPublisher(Habit habit)
{
    public const byte VideoType = 96, AudioType = 111;

    private ushort _number = habit.FirstNumber;
    private ushort _soundNumber = 500;
    private uint _source = 1000;
    private uint _soundSource = 5000;
    private ushort _picture = 100;

    public void ChangeSource()
    {
        _source += 7;
        _number = (ushort)(_number / 3);
    }

    public void ChangeSoundSource() => (_soundSource, _soundNumber) = (_soundSource + 3, 7);

    public void Leap() => _number = unchecked((ushort)(_number + 20_000));

    /// <summary>20 ms of silence.</summary>
    public byte[] Sound(int index) => Packet(AudioType, _soundSource, _soundNumber++, (uint)(48_000 + (index * 960)), false, [0xFC, 0xFF, 0xFE]);

    /// <param name="picture">An access unit in annex B form, or a VP8 frame.</param>
    public IEnumerable<byte[]> Picture(byte[] picture, int index)
    {
        uint timestamp = unchecked(habit.FirstTimestamp + (uint)(index * habit.TimestampStep));
        List<Piece> pieces = habit.IsVp8 ? Vp8(picture) : H264(picture, index, timestamp, unchecked(timestamp - (uint)habit.TimestampStep));
        for (int i = 0; i < pieces.Count; i++)
        {
            Piece piece = pieces[i];
            bool marker = habit.Markers switch
            {
                Markers.LastPacket => i == pieces.Count - 1,
                Markers.EveryUnit => piece.EndsUnit,
                Markers.EveryPacket => true,
                _ => false,
            };
            yield return Packet(VideoType, _source, _number++, piece.Timestamp, marker, piece.Payload);
        }

        if (habit.Probes)
        {
            yield return Packet(VideoType, _source, _number++, timestamp, false, [], padding: 200);
        }
    }

    private List<Piece> Vp8(byte[] frame)
    {
        _picture++;
        var pieces = new List<Piece>();
        for (int at = 0; at < frame.Length; at += habit.MaxPayload - 4)
        {
            byte start = (byte)(at == 0 ? 0x10 : 0);
            byte[] descriptor = habit.PlainDescriptor ? [start] : [(byte)(0x80 | start), 0x80, (byte)(0x80 | (_picture >> 8)), (byte)_picture];
            pieces.Add(new Piece([.. descriptor, .. frame[at..Math.Min(frame.Length, at + habit.MaxPayload - 4)]], 0, true));
        }

        return [.. pieces.Select(p => p with { Timestamp = unchecked(habit.FirstTimestamp + (uint)((_picture - 101) * habit.TimestampStep)) })];
    }

    private List<Piece> H264(byte[] picture, int index, uint timestamp, uint before)
    {
        var units = new List<(byte[] Unit, uint Timestamp)>();
        foreach (ReadOnlySpan<byte> unit in new NalReader(picture, NalForm.AnnexB))
        {
            int type = NalType.Of(unit[0]);
            bool isSet = type is NalType.Sps or NalType.Pps;
            if (type == NalType.Sei || (type == NalType.Delimiter && habit.Sets != Sets.AfterADelimiter) || (isSet && habit.Sets == Sets.Once && index > 0))
            {
                continue;
            }

            units.Add((unit.ToArray(), isSet && habit.Sets == Sets.UnderTheTimestampBefore ? before : timestamp));
        }

        if (habit.Trimmings)
        {
            units.Insert(0, ([0x06, 0x05, 0x02, 0x01, 0x02, 0x80], timestamp));
            units.Add(([0x0C, 0xFF, 0xFF, 0x80], timestamp));
        }

        return habit.Aggregates || habit.Sets == Sets.Aggregated ? Aggregate(units) : [.. units.SelectMany(u => Cut(u.Unit, u.Timestamp))];
    }

    private List<Piece> Aggregate(List<(byte[] Unit, uint Timestamp)> units)
    {
        var pieces = new List<Piece>();
        var together = new List<byte[]>();
        foreach ((byte[] unit, uint timestamp) in units)
        {
            if (unit.Length < 300)
            {
                together.Add(unit);
                continue;
            }

            Flush(timestamp);
            pieces.AddRange(Cut(unit, timestamp));
        }

        Flush(units[^1].Timestamp);
        return pieces;

        void Flush(uint timestamp)
        {
            if (together.Count > 0)
            {
                byte[] payload = [0x78, .. together.SelectMany(u => (byte[])[(byte)(u.Length >> 8), (byte)u.Length, .. u])];
                pieces.Add(new Piece(payload, timestamp, true));
                together.Clear();
            }
        }
    }

    private IEnumerable<Piece> Cut(byte[] unit, uint timestamp)
    {
        if (unit.Length <= habit.MaxPayload && !habit.FragmentsAll)
        {
            yield return new Piece(unit, timestamp, true);
            yield break;
        }

        int size = habit.MaxPayload - 2;
        for (int at = 1; at < unit.Length; at += size)
        {
            bool end = at + size >= unit.Length;
            byte second = (byte)((unit[0] & 0x1F) | (at == 1 ? 0x80 : 0) | (end ? 0x40 : 0));
            yield return new Piece([(byte)((unit[0] & 0xE0) | 28), second, .. unit[at..Math.Min(unit.Length, at + size)]], timestamp, end);
        }
    }

    private byte[] Packet(byte type, uint source, ushort number, uint timestamp, bool marker, byte[] payload, int padding = 0)
    {
        padding = padding > 0 ? padding : habit.Padding;
        byte[] header = new byte[RtpHeader.FixedLength];
        RtpHeader.Write(header, type, marker, new SeqNo(number), new RtpTime(timestamp), new Ssrc(source));
        if (habit.HeavyHeaders)
        {
            header[0] |= 0x12;
            header = [.. header, 0, 0, 0, 1, 0, 0, 0, 2, 0xBE, 0xDE, 0, 1, 0xE0, 0x55, 0, 0];
        }

        if (padding > 0)
        {
            header[0] |= 0x20;
            byte[] tail = new byte[padding];
            tail[^1] = (byte)padding;
            payload = [.. payload, .. tail];
        }

        return [.. header, .. payload];
    }

    private sealed record Piece(byte[] Payload, uint Timestamp, bool EndsUnit);
}
