using System.Text.Json;
using System.Threading.Channels;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Streams;

namespace ThreeClassrooms.Hub.Lessons;

/// <summary>What the media loops tell, queued for the director's loop.</summary>
internal abstract record StreamEvent(StreamKey Key)
{
    public sealed record Publisher(StreamKey Key, bool Up, StreamState Stream, DateTimeOffset At) : StreamEvent(Key);

    public sealed record Trouble(StreamKey Key, string? Name) : StreamEvent(Key);

    public sealed record Flow(StreamKey Key, string? WatcherSeat, FlowSample Sample) : StreamEvent(Key);
}

/// <summary>Hears the media loops and returns at once. A full queue drops the oldest news: evidence has gaps then, media has not.</summary>
internal sealed class StreamNews : IStreamObserver
{
    private readonly Channel<StreamEvent> _queue = Channel.CreateBounded<StreamEvent>(
        new BoundedChannelOptions(65_536) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    public ChannelReader<StreamEvent> Reader => _queue.Reader;

    public void OnPublisher(StreamKey key, bool up, StreamSource source, string? videoCodec, bool hasAudio, DateTimeOffset at)
    {
        StreamKind kind = key.StreamId == StreamIds.Of(StreamIds.SeatOf(key.StreamId), StreamKind.Screen) ? StreamKind.Screen : StreamKind.Camera;
        _queue.Writer.TryWrite(new StreamEvent.Publisher(key, up, new StreamState(key.StreamId, kind, source, videoCodec, hasAudio), at));
    }

    public void OnWatcher(StreamKey key, string seatId, bool up, DateTimeOffset at)
    {
        // Whether a watcher receives is told by its flow, once a second.
    }

    public void OnTrouble(StreamKey key, StreamTrouble? trouble, DateTimeOffset at) =>
        _queue.Writer.TryWrite(new StreamEvent.Trouble(key, trouble is { } t ? JsonNamingPolicy.CamelCase.ConvertName(t.ToString()) : null));

    public void OnFlow(StreamKey key, string? watcherSeatId, FlowSample sample) =>
        _queue.Writer.TryWrite(new StreamEvent.Flow(key, watcherSeatId, sample));
}
