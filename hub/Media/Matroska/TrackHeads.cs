using System.Buffers.Binary;
using ThreeClassrooms.Media.Payload;
using ThreeClassrooms.Media.Sdp;

namespace ThreeClassrooms.Media.Matroska;

/// <summary>Writes everything before the first cluster: EBML header, segment of unknown size, info and tracks.</summary>
internal static class TrackHeads
{
    public const byte VideoTrack = 1, AudioTrack = 2;

    // 312 samples at 48 kHz: what encoders put before the first sound (RFC 7845 §4.2, RFC 6716).
    private const ushort PreSkip = 312;

    /// <param name="picture">Null: no video track.</param>
    public static void Write(EbmlBuffer output, MatroskaOptions options, VideoHead? picture)
    {
        var part = new EbmlBuffer();
        part.Unsigned(EbmlId.Version, 1);
        part.Unsigned(EbmlId.ReadVersion, 1);
        part.Unsigned(EbmlId.MaxIdLength, 4);
        part.Unsigned(EbmlId.MaxSizeLength, 8);
        part.Text(EbmlId.DocType, "matroska");
        part.Unsigned(EbmlId.DocTypeVersion, 4);
        part.Unsigned(EbmlId.DocTypeReadVersion, 2);
        output.Master(EbmlId.Header, part);
        output.UnknownSize(EbmlId.Segment);

        part.Clear();
        part.Unsigned(EbmlId.TimestampScale, 1_000_000);
        if (options.Start is { } start)
        {
            part.Date(EbmlId.DateUtc, start);
        }

        part.Text(EbmlId.MuxingApp, "ThreeClassrooms");
        part.Text(EbmlId.WritingApp, "ThreeClassrooms");
        output.Master(EbmlId.Info, part);

        part.Clear();
        if (picture is not null)
        {
            part.Master(EbmlId.TrackEntry, Video(picture));
        }

        if (options.Audio)
        {
            part.Master(EbmlId.TrackEntry, Audio(options.Channels));
        }

        output.Master(EbmlId.Tracks, part);
    }

    private static EbmlBuffer Video(VideoHead picture)
    {
        EbmlBuffer entry = Entry(VideoTrack, 1, picture.Codec == CodecKind.H264 ? "V_MPEG4/ISO/AVC" : "V_VP8");
        if (picture.Configuration.Length > 0)
        {
            entry.Binary(EbmlId.CodecPrivate, picture.Configuration);
        }

        var video = new EbmlBuffer();
        video.Unsigned(EbmlId.PixelWidth, (ulong)picture.Size.Width);
        video.Unsigned(EbmlId.PixelHeight, (ulong)picture.Size.Height);
        entry.Master(EbmlId.Video, video);
        return entry;
    }

    private static EbmlBuffer Audio(int channels)
    {
        EbmlBuffer entry = Entry(AudioTrack, 2, "A_OPUS");
        Span<byte> head = stackalloc byte[19];
        "OpusHead"u8.CopyTo(head);
        head[8] = 1;
        head[9] = (byte)channels;
        BinaryPrimitives.WriteUInt16LittleEndian(head[10..], PreSkip);
        BinaryPrimitives.WriteUInt32LittleEndian(head[12..], 48000);
        head[16..].Clear();
        entry.Binary(EbmlId.CodecPrivate, head);
        entry.Unsigned(EbmlId.CodecDelay, PreSkip * 1_000_000_000UL / 48000);
        entry.Unsigned(EbmlId.SeekPreRoll, 80_000_000);
        var audio = new EbmlBuffer();
        audio.Float(EbmlId.SamplingFrequency, 48000);
        audio.Unsigned(EbmlId.Channels, (ulong)channels);
        entry.Master(EbmlId.Audio, audio);
        return entry;
    }

    private static EbmlBuffer Entry(byte number, byte type, string codec)
    {
        var entry = new EbmlBuffer();
        entry.Unsigned(EbmlId.TrackNumber, number);
        entry.Unsigned(EbmlId.TrackUid, number);
        entry.Unsigned(EbmlId.TrackType, type);
        entry.Unsigned(EbmlId.FlagLacing, 0);
        entry.Text(EbmlId.Language, "und");
        entry.Text(EbmlId.CodecId, codec);
        return entry;
    }
}

/// <summary>What the first key frame says of the video track.</summary>
/// <param name="Configuration">The avcC record for H.264; empty for VP8.</param>
internal sealed record VideoHead(CodecKind Codec, PictureSize Size, byte[] Configuration)
{
    private static readonly PictureSize NominalSize = new(1280, 720);

    /// <summary>A head for pictures that are still to come: decoders find the truth in the first key frame.</summary>
    public static VideoHead Nominal(CodecKind codec) =>
        new(codec, NominalSize, codec == CodecKind.H264 ? AvcConfiguration.Empty : []);

    /// <summary>Null when the frame lacks its parameter sets, or is no VP8 key frame.</summary>
    public static VideoHead? From(CodecKind codec, ReadOnlySpan<byte> keyFrame)
    {
        bool sized = PictureSize.TryRead(codec, keyFrame, out PictureSize size);
        if (codec != CodecKind.H264)
        {
            return sized ? new VideoHead(codec, size, []) : null;
        }

        // Decoders take the size from the parameter sets: that we cannot read it is no reason to keep nothing.
        return AvcConfiguration.From(keyFrame) is { } configuration ? new VideoHead(codec, sized ? size : NominalSize, configuration) : null;
    }
}
