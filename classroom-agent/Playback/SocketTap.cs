using System.Net.Sockets;

namespace ThreeClassrooms.Agent.Playback;

/// <summary>A Unix socket that a child process writes a stream to, for children with more outputs than standard output. One connection.</summary>
internal sealed class SocketTap : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    /// <param name="path">At most 107 bytes, in a folder only the agent may enter; must not exist.</param>
    public SocketTap(string path)
    {
        Path = path;
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        _listener.Listen(1);
    }

    public string Path { get; }

    public async Task<Stream> AcceptAsync(CancellationToken stop) => new NetworkStream(await _listener.AcceptAsync(stop), ownsSocket: true);

    public void Dispose()
    {
        _listener.Dispose();
        File.Delete(Path);
    }
}
