using ThreeClassrooms.Media.Forwarding;

namespace ThreeClassrooms.Hub.Streams.Loops;

/// <summary>Turns a connection's running counters into one sample per second.</summary>
internal sealed class FlowMeter
{
    private readonly List<long> _layerPictures = [];
    private DateTimeOffset _from;
    private Counters _before;

    private readonly record struct Counters(long VideoPackets, long AudioPackets, long VideoBytes, long AudioBytes, long Sounds);

    public void Start(DateTimeOffset now) => _from = now;

    public FlowSample Take(PublishedStream stream, DateTimeOffset now)
    {
        long packets = 0, bytes = 0, pictures = 0;
        for (int i = 0; i < stream.Layers.Count; i++)
        {
            PublishedTrack layer = stream.Layers[i];
            packets += layer.PacketsReceived;
            bytes += layer.BytesReceived;
            pictures = Math.Max(pictures, PicturesOf(i, layer.Moments));
        }

        return Take(
            new Counters(packets, stream.Audio?.PacketsReceived ?? 0, bytes, stream.Audio?.BytesReceived ?? 0, stream.Audio?.Moments ?? 0),
            pictures, stream.LossPercent, stream.RoundTrip, now);
    }

    public FlowSample Take(Subscription subscription, DateTimeOffset now) => Take(
        new Counters(subscription.VideoPackets, subscription.AudioPackets, subscription.VideoBytes, subscription.AudioBytes, subscription.Sounds),
        PicturesOf(0, subscription.Pictures), subscription.LossPercent, subscription.RoundTrip, now);

    private long PicturesOf(int layer, long total)
    {
        while (_layerPictures.Count <= layer)
        {
            _layerPictures.Add(0);
        }

        long pictures = total - _layerPictures[layer];
        _layerPictures[layer] = total;
        return pictures;
    }

    private FlowSample Take(in Counters now, long pictures, double loss, TimeSpan? roundTrip, DateTimeOffset at)
    {
        var sample = new FlowSample(
            _from, at, (int)(now.VideoPackets - _before.VideoPackets), (int)(now.AudioPackets - _before.AudioPackets),
            now.VideoBytes - _before.VideoBytes, now.AudioBytes - _before.AudioBytes, (int)pictures, (int)(now.Sounds - _before.Sounds),
            loss, roundTrip?.TotalMilliseconds);
        (_from, _before) = (at, now);
        return sample;
    }
}
