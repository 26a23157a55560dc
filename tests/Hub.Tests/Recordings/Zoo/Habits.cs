namespace ThreeClassrooms.Hub.Tests.Recordings.Zoo;

/// <summary>Where a publisher sets the RTP marker.</summary>
public enum Markers
{
    LastPacket,
    EveryPacket,
    EveryUnit,
    Never,
}

/// <summary>How a publisher sends its parameter sets.</summary>
public enum Sets
{
    WithEveryKeyFrame,
    Aggregated,
    Once,
    UnderTheTimestampBefore,
    AfterADelimiter,
}

/// <summary>What becomes of the publisher's source halfway.</summary>
public enum Change
{
    None,
    NewSourceWithLowerNumbers,
    TwentyNewSources,
    NewSourceOfSound,
    NumbersLeapAhead,
}

/// <summary>One publisher's way of making packets of an encoder's pictures. The defaults are what a browser does.</summary>
/// <param name="Encoder">FFmpeg's arguments for 100 pictures of 25 a second.</param>
public sealed record Habit(string Encoder)
{
    public const string Baseline = "-c:v libx264 -profile:v baseline -preset ultrafast -tune zerolatency -g 25 -bf 0 -x264-params aud=1:scenecut=0:slices=1";
    public const string Sliced = "-c:v libx264 -profile:v baseline -preset ultrafast -tune zerolatency -g 25 -bf 0 -x264-params aud=1:scenecut=0:slices=4";
    public const string Vp8Camera = "-c:v libvpx -deadline realtime -g 25 -keyint_min 25 -lag-in-frames 0";

    public bool IsVp8 => Encoder.Contains("libvpx", StringComparison.Ordinal);

    public Markers Markers { get; init; }

    public Sets Sets { get; init; } = Sets.WithEveryKeyFrame;

    /// <summary>Bytes of a payload.</summary>
    public int MaxPayload { get; init; } = 1100;

    /// <summary>Every unit goes as FU-A, with start and end in one packet when it is small.</summary>
    public bool FragmentsAll { get; init; }

    /// <summary>Units of a picture share a STAP-A where they fit.</summary>
    public bool Aggregates { get; init; }

    /// <summary>Bytes of RTP padding behind each payload, with the count.</summary>
    public int Padding { get; init; }

    /// <summary>A packet of nothing but padding behind each picture.</summary>
    public bool Probes { get; init; }

    /// <summary>Two contributing sources and an extension nobody agreed on in each header.</summary>
    public bool HeavyHeaders { get; init; }

    /// <summary>SEI, filler and an end of sequence around each picture.</summary>
    public bool Trimmings { get; init; }

    /// <summary>Added to each picture's timestamp.</summary>
    public int TimestampStep { get; init; } = 3600;

    public uint FirstTimestamp { get; init; } = 90_000;

    public ushort FirstNumber { get; init; } = 1000;

    /// <summary>VP8: no picture ids.</summary>
    public bool PlainDescriptor { get; init; }

    public Change Change { get; init; }

    /// <summary>Pictures of 100 that may be missing from the record.</summary>
    public int MayLose { get; init; }
}
