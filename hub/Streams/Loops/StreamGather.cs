using ThreeClassrooms.Media.Forwarding;
using ThreeClassrooms.Media.Time;

namespace ThreeClassrooms.Hub.Streams.Loops;

/// <summary>How far a stream has come.</summary>
/// <param name="Video">Packets of its picture since it began.</param>
/// <param name="Audio">Packets of its sound.</param>
/// <param name="PictureEnds">The newest packet is the last one of its picture.</param>
internal readonly record struct Tide(long Video, long Audio, bool PictureEnds)
{
    /// <summary>Null for a stream of several layers, whose watchers look at different ones, and for one without a picture.</summary>
    public static Tide? Of(PublishedStream stream)
    {
        if (stream.Layers.Count != 1)
        {
            return null;
        }

        PacketHistory video = stream.Layers[0].History;
        bool ends = video.TryGetArrival(video.Arrivals - 1, out StoredPacket last, out _) && last.Marker;
        return new Tide(video.Arrivals, stream.Audio?.History.Arrivals ?? 0, ends);
    }
}

/// <summary>Which packets of one stream wait for their neighbours. Belongs to the loop.</summary>
internal struct StreamGather
{
    private Tide _forwarded;

    /// <summary>Since when a packet waits; null: none does.</summary>
    public MonoTime? Since { get; private set; }

    /// <summary>What has come since the last forwarding stays a little longer; never sound, never the end of a picture.</summary>
    /// <param name="arrived">When the newest packet came.</param>
    public bool Holds(in Tide tide, in Gathering rule, MonoTime arrived, MonoTime now)
    {
        if (rule.Packets <= 1 || tide.PictureEnds || tide.Audio != _forwarded.Audio || tide.Video - _forwarded.Video >= rule.Packets)
        {
            return false;
        }

        Since ??= arrived;
        return now < Since.Value + rule.Hold;
    }

    /// <summary>All that has come goes out now.</summary>
    public void OnForwarded(in Tide tide)
    {
        Since = null;
        _forwarded = tide;
    }
}
