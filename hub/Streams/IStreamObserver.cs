using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Hub.Streams;

/// <summary>
/// Hears what flows. Called from media loops: must return at once (queue the news), must not throw.
/// Every registered observer is told of everything.
/// </summary>
internal interface IStreamObserver
{
    /// <summary>A publisher's media began (<paramref name="up"/>) or ended. A replaced publisher is reported down before the new one is up.</summary>
    /// <param name="videoCodec">"H264", "VP8" or null for sound only.</param>
    /// <param name="at">UTC.</param>
    void OnPublisher(StreamKey key, bool up, StreamSource source, string? videoCodec, bool hasAudio, DateTimeOffset at);

    /// <summary>A watcher's transport became connected, or ended.</summary>
    /// <param name="seatId">"host", "r1", …; "o-" and a user id for observers.</param>
    void OnWatcher(StreamKey key, string seatId, bool up, DateTimeOffset at);

    /// <summary>A published stream does not show what it should, for another reason than before; null: it does again. By default nobody is told.</summary>
    void OnTrouble(StreamKey key, StreamTrouble? trouble, DateTimeOffset at)
    {
    }

    /// <summary>Once a second for each connected publisher (<paramref name="watcherSeatId"/> null) and each connected watcher.</summary>
    void OnFlow(StreamKey key, string? watcherSeatId, FlowSample sample);
}
