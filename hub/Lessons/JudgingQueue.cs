using System.Threading.Channels;

namespace ThreeClassrooms.Hub.Lessons;

/// <summary>Lessons that wait to be judged. Thread-safe.</summary>
internal sealed class JudgingQueue
{
    private readonly Channel<Guid> _waiting = Channel.CreateUnbounded<Guid>(new UnboundedChannelOptions { SingleReader = true });

    public ChannelReader<Guid> Reader => _waiting.Reader;

    public void Add(Guid lessonId) => _waiting.Writer.TryWrite(lessonId);
}
