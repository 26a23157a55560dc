using ThreeClassrooms.Media.Forwarding;

namespace ThreeClassrooms.Hub.Streams.Loops;

/// <summary>Turns a connection's running counters into one sample per second.</summary>
internal sealed class FlowMeter
{
    private DateTimeOffset _from;
    private long _videoPackets;
    private long _audioPackets;
    private long _videoBytes;
    private long _audioBytes;

    public void Start(DateTimeOffset now) => _from = now;

    public FlowSample Take(PublishedStream stream, DateTimeOffset now)
    {
        long videoPackets = 0, videoBytes = 0;
        foreach (PublishedTrack layer in stream.Layers)
        {
            videoPackets += layer.PacketsReceived;
            videoBytes += layer.BytesReceived;
        }

        return Take(
            videoPackets, stream.Audio?.PacketsReceived ?? 0, videoBytes, stream.Audio?.BytesReceived ?? 0,
            stream.LossPercent, stream.RoundTrip, now);
    }

    public FlowSample Take(Subscription subscription, DateTimeOffset now) => Take(
        subscription.VideoPackets, subscription.AudioPackets, subscription.VideoBytes, subscription.AudioBytes,
        subscription.LossPercent, subscription.RoundTrip, now);

    private FlowSample Take(
        long videoPackets, long audioPackets, long videoBytes, long audioBytes, double loss, TimeSpan? roundTrip, DateTimeOffset now)
    {
        var sample = new FlowSample(
            _from, now, (int)(videoPackets - _videoPackets), (int)(audioPackets - _audioPackets),
            videoBytes - _videoBytes, audioBytes - _audioBytes, loss, roundTrip?.TotalMilliseconds);
        (_from, _videoPackets, _audioPackets, _videoBytes, _audioBytes) = (now, videoPackets, audioPackets, videoBytes, audioBytes);
        return sample;
    }
}
