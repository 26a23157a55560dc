using ThreeClassrooms.Media.Peers;

namespace ThreeClassrooms.Hub.Streams.Sockets;

/// <summary>
/// The UDP port of a media loop. Two real forms: batched system calls on Linux, plain sockets elsewhere.
/// All but <see cref="Wake"/> belong to the loop's thread.
/// </summary>
internal interface IDatagramPort : IDisposable
{
    int Port { get; }

    /// <summary>Datagrams the kernel discarded at a full receive buffer since the start.</summary>
    long KernelDrops { get; }

    /// <summary>Waits until <see cref="Wake"/> was called, there is something to receive, or the time is over.</summary>
    void Wait(TimeSpan longest);

    /// <summary>Ends a <see cref="Wait"/>, now or the next one. From any thread.</summary>
    void Wake();

    /// <summary>Takes what has arrived, up to one batch. The result is valid until the next call.</summary>
    /// <returns>Number of datagrams; read them with <see cref="Received"/>.</returns>
    int Receive();

    /// <summary>A received datagram, writable in place.</summary>
    Span<byte> Received(int index, out TransportAddress from);

    /// <summary>Room for one datagram of up to 2,048 bytes; call <see cref="Commit"/> or leave it.</summary>
    Span<byte> Reserve();

    /// <summary>Queues the first <paramref name="length"/> bytes of the reserved room. Sends by itself when the queue is full.</summary>
    void Commit(int length, in TransportAddress to);

    /// <summary>Sends all that is queued.</summary>
    /// <returns>Datagrams that the kernel did not take.</returns>
    int Flush();
}
