using System.Collections.Concurrent;
using ThreeClassrooms.Media.Sdp;

namespace ThreeClassrooms.Hub.Streams.Loops;

/// <summary>Which lessons are open and what their publishers send, for the signalling threads to answer offers by. Written by the loop; thread-safe.</summary>
internal sealed class StreamDirectory
{
    private readonly ConcurrentDictionary<Guid, bool> _open = new();
    private readonly ConcurrentDictionary<StreamKey, StreamDescription> _live = new();

    public bool IsOpen(Guid lesson) => _open.ContainsKey(lesson);

    public void Open(Guid lesson) => _open[lesson] = true;

    public void Close(Guid lesson) => _open.TryRemove(lesson, out _);

    public StreamDescription? Find(StreamKey key) => _live.GetValueOrDefault(key);

    public void SetLive(StreamKey key, StreamDescription? description)
    {
        if (description is null)
        {
            _live.TryRemove(key, out _);
        }
        else
        {
            _live[key] = description;
        }
    }
}
