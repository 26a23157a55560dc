using ThreeClassrooms.Media.Time;

namespace ThreeClassrooms.Media.Forwarding;

/// <content>Which layer of the picture goes to the subscriber, and whether it goes at all.</content>
public sealed partial class Subscription
{
    private static readonly TimeSpan LayerSilence = TimeSpan.FromMilliseconds(1500);

    private bool _passesVideo = true;
    private bool _affordable = true;
    private long _videoBudget = long.MaxValue;
    private PublishedTrack? _wanted;
    private long _wantedSince;

    /// <summary>The picture is shut because the line cannot carry it (not because of the floor).</summary>
    public bool IsPausedForLine => !_affordable;

    /// <summary>The layer that is being sent; null without a picture.</summary>
    public PublishedTrack? Layer => _video?.Source;

    /// <summary>Bits per second that this picture may use; 0 pauses it, <see cref="long.MaxValue"/>: no limit.</summary>
    public void SetVideoBudget(long bitsPerSecond)
    {
        _videoBudget = bitsPerSecond;
        _affordable = bitsPerSecond > 0;
        OpenVideo();
    }

    /// <summary>Rate of the sound that is passed, bits per second.</summary>
    public long AudioRate => _audio is { Open: true, Source: { } source } ? source.BitRate : 0;

    /// <summary>Rate of the leanest layer that flows, bits per second; 0 without a picture.</summary>
    public long LeastVideoRate
    {
        get
        {
            long least = 0;
            for (int i = 0; _passesVideo && Stream is { } stream && i < stream.Layers.Count; i++)
            {
                long rate = stream.Layers[i].BitRate;
                least = rate > 0 && (least == 0 || rate < least) ? rate : least;
            }

            return least;
        }
    }

    /// <summary>What is being sent now, bits per second.</summary>
    public long SendRate => AudioRate + (_video is { Open: true, Source: { } source } ? source.BitRate : 0);

    private void OpenVideo() => _video?.SetOpen(_passesVideo && _affordable);

    /// <summary>Looks whether another layer fits better, and goes over to it at its next key frame. Call some times a second.</summary>
    private void ChooseLayer(MonoTime now)
    {
        if (Stream is not { Layers.Count: > 1 } stream || _video is not { Open: true } video)
        {
            return;
        }

        PublishedTrack best = BestLayer(stream, now);
        if (best == video.Source)
        {
            _wanted = best;
            return;
        }

        if (best != _wanted)
        {
            _wanted = best;
            _wantedSince = best.History.Arrivals;
            best.AskKeyFrame();
        }

        if (best.History.KeyFrameArrival >= _wantedSince)
        {
            video.Attach(best, fromKeyFrame: true);
        }
    }

    /// <summary>The fullest layer that flows and fits the budget; the leanest that flows when none fits.</summary>
    private PublishedTrack? BestLayer(PublishedStream stream)
    {
        PublishedTrack? best = null;
        PublishedTrack? leanest = null;
        foreach (PublishedTrack layer in stream.Layers)
        {
            if (layer.PacketsReceived == 0)
            {
                continue;
            }

            leanest = leanest is null || layer.BitRate < leanest.BitRate ? layer : leanest;
            if (layer.BitRate <= _videoBudget && (best is null || layer.BitRate > best.BitRate))
            {
                best = layer;
            }
        }

        return best ?? leanest ?? (stream.Layers.Count > 0 ? stream.Layers[0] : null);
    }

    private PublishedTrack BestLayer(PublishedStream stream, MonoTime now)
    {
        PublishedTrack best = BestLayer(stream)!;
        if (IsFlowing(best, now))
        {
            return best;
        }

        PublishedTrack flowing = best;
        foreach (PublishedTrack layer in stream.Layers)
        {
            if (IsFlowing(layer, now) && layer.BitRate <= _videoBudget && (!IsFlowing(flowing, now) || layer.BitRate > flowing.BitRate))
            {
                flowing = layer;
            }
        }

        return flowing;
    }

    private static bool IsFlowing(PublishedTrack layer, MonoTime now) =>
        layer.History.TryGetArrival(layer.History.Arrivals - 1, out StoredPacket last, out _) && now - last.Arrived < LayerSilence;
}
