using FsCheck;
using FsCheck.Fluent;
using ThreeClassrooms.Media.Payload;
using ThreeClassrooms.Media.Rtp;
using ThreeClassrooms.Media.Sdp;
using ThreeClassrooms.Media.Time;

namespace ThreeClassrooms.Media.Tests.Payload;

public sealed class PayloadPropertyTests
{
    [Fact]
    public void AnyPayloads_AreAssembledOrRefused() => Prop.ForAll<byte[][]>(payloads =>
    {
        foreach (CodecKind codec in Enum.GetValues<CodecKind>())
        {
            var assembler = new FrameAssembler(codec);
            for (int i = 0; i < payloads.Length; i++)
            {
                assembler.OnPacket(new OrderedPacket(new SeqNo((ushort)i), new RtpTime((uint)i / 3), i % 3 == 2, i % 5 == 4, payloads[i].Length), payloads[i]);
                while (assembler.TryTake(out AssembledFrame frame))
                {
                    if (frame.IsComplete)
                    {
                        PictureSize.TryRead(codec, frame.Data, out _);
                    }
                }

                KeyFrames.StartsIn(codec, payloads[i]);
                OpusPacket.Duration(payloads[i]);
                RtxPayload.TryRead(payloads[i], out _, out _);
                RedPayload.TryReadPrimary(payloads[i], out _, out _);
                Vp8Descriptor.TryRead(payloads[i], out _);
                SequenceParameters.TryRead([0x67, .. payloads[i]], out _);
            }
        }

        return true;
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Theory]
    [InlineData(64)]
    [InlineData(300)]
    [InlineData(1180)]
    public void H264_OfARealEncoder_SurvivesPacketsInAnyOrderWithinTheWindow(int maxPayload)
    {
        var packets = new List<(byte[] Payload, bool Last, int Picture)>();
        byte[] output = new byte[maxPayload];
        for (int i = 0; i < SampleMedia.H264.Count; i++)
        {
            var packetiser = new H264Packetiser(SampleMedia.H264[i], NalForm.AnnexB, maxPayload);
            while (packetiser.TryNext(output, out int length, out bool last))
            {
                packets.Add((output[..length], last, i));
            }
        }

        Assert.Equal(SampleMedia.H264.Count, packets.Count(p => p.Last));
        List<(byte[] Data, bool Key)> frames = Deliver(CodecKind.H264, packets, seed: maxPayload);
        Assert.Equal(SampleMedia.H264.Select(SampleMedia.LengthPrefixed), frames.Select(f => f.Data));
        Assert.Equal(Enumerable.Range(0, 100).Select(i => i % 25 == 0), frames.Select(f => f.Key));
    }

    [Fact]
    public void Vp8_OfARealEncoder_SurvivesPacketsInAnyOrderWithinTheWindow()
    {
        var packets = new List<(byte[] Payload, bool Last, int Picture)>();
        byte[] output = new byte[500];
        for (int i = 0; i < SampleMedia.Vp8.Count; i++)
        {
            var packetiser = new Vp8Packetiser(SampleMedia.Vp8[i], (ushort)(0x7FF0 + i), 500);
            while (packetiser.TryNext(output, out int length, out bool last))
            {
                packets.Add((output[..length], last, i));
            }
        }

        List<(byte[] Data, bool Key)> frames = Deliver(CodecKind.Vp8, packets, seed: 3);
        Assert.Equal(SampleMedia.Vp8, frames.Select(f => f.Data));
        Assert.True(frames[0].Key && frames.Count(f => f.Key) >= 4);
    }

    [Fact]
    public void LossyDelivery_NeverGivesAFrameWithHolesAsComplete() => Prop.ForAll<int>(seed =>
    {
        var random = new Random(seed);
        var assembler = new FrameAssembler(CodecKind.Vp8);
        var sizes = new List<(int Picture, int Length)>();
        byte[] output = new byte[200];
        bool gap = false, good = true;
        ushort sequence = 0;
        for (int i = 0; i < 60; i++)
        {
            byte[] picture = SampleMedia.Vp8[i];
            var packetiser = new Vp8Packetiser(picture, (ushort)i, 200);
            while (packetiser.TryNext(output, out int length, out bool last))
            {
                sequence++;
                if (random.Next(10) == 0)
                {
                    gap = true;
                    continue;
                }

                assembler.OnPacket(new OrderedPacket(new SeqNo(sequence), new RtpTime((uint)i), last, gap, length), output.AsSpan(0, length));
                gap = false;
                while (assembler.TryTake(out AssembledFrame frame))
                {
                    good &= !frame.IsComplete || frame.Data.SequenceEqual(SampleMedia.Vp8[(int)frame.Timestamp.Value]);
                }
            }
        }

        return good;
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(50));

    private static List<(byte[] Data, bool Key)> Deliver(CodecKind codec, List<(byte[] Payload, bool Last, int Picture)> packets, int seed)
    {
        var random = new Random(seed);
        int[] order = [0, .. Enumerable.Range(1, packets.Count - 1).Select(i => (i, key: i + (random.NextDouble() * 20))).OrderBy(p => p.key).Select(p => p.i)];
        var buffer = new JitterBuffer(TimeSpan.FromSeconds(1), 64);
        var assembler = new FrameAssembler(codec);
        var frames = new List<(byte[], bool)>();
        foreach (int i in order)
        {
            var now = new MonoTime(i * 1_000_000L);
            buffer.Insert(new SeqNo((ushort)(65000 + i)), new RtpTime((uint)packets[i].Picture), packets[i].Last, packets[i].Payload, now);
            while (buffer.TryTake(now, out OrderedPacket packet, out ReadOnlySpan<byte> payload))
            {
                assembler.OnPacket(packet, payload);
                while (assembler.TryTake(out AssembledFrame frame))
                {
                    Assert.True(frame.IsComplete && frame.IsContinuous);
                    frames.Add((frame.Data.ToArray(), frame.IsKey));
                }
            }
        }

        return frames;
    }
}
