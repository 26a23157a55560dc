using System.Threading.Channels;

namespace ThreeClassrooms.Mqtt;

/// <summary>Carries changes and messages of one link, in order, from the network's thread to the task that raises them. Thread-safe.</summary>
internal sealed class LinkEvents
{
    /// <summary>So many waiting messages, and no more are read from the broker for the time being.</summary>
    private const int Enough = 2000;

    private readonly Channel<object> _waiting = Channel.CreateUnbounded<object>(new UnboundedChannelOptions { SingleReader = true });
    private int _count;

    public bool HasRoom => Volatile.Read(ref _count) < Enough;

    public void Post(MqttLinkChange change) => PostAny(change);

    public void Post(MqttMessage message) => PostAny(message);

    /// <summary>Nothing is posted after this; what waits is still raised.</summary>
    public void Complete() => _waiting.Writer.TryComplete();

    public async Task RunAsync(Action<MqttLinkChange> changed, Action<MqttMessage> received)
    {
        await foreach (object item in _waiting.Reader.ReadAllAsync())
        {
            Interlocked.Decrement(ref _count);
            if (item is MqttMessage message)
            {
                received(message);
            }
            else
            {
                changed((MqttLinkChange)item);
            }
        }
    }

    private void PostAny(object item)
    {
        Interlocked.Increment(ref _count);
        if (!_waiting.Writer.TryWrite(item))
        {
            Interlocked.Decrement(ref _count);
        }
    }
}
