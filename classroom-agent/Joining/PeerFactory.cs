#if !SIPSORCERY
using Microsoft.Extensions.Logging;
using ThreeClassrooms.Media.Dtls;

namespace ThreeClassrooms.Agent.Joining;

/// <summary>Peers on the product's own media library. One certificate for the process.</summary>
/// <param name="reorderWait">How long a watched stream waits for a lost packet.</param>
internal sealed class PeerFactory(bool tcpOnly, TimeSpan reorderWait, TimeProvider time, ILogger log) : IPeerFactory, IDisposable
{
    private readonly DtlsIdentity _identity = DtlsIdentity.Create(time.GetUtcNow());

    public IPublishPeer Publish(string streamId) => new PublishPeer(streamId, Setting);

    public IPeer Watch(string streamId, IWatchSink sink) => new WatchPeer(sink, reorderWait, Setting);

    public void Dispose() => _identity.Dispose();

    private PeerSetting Setting => new(_identity, tcpOnly, time, log);
}

/// <summary>What every peer of the process shares.</summary>
internal sealed record PeerSetting(DtlsIdentity Identity, bool TcpOnly, TimeProvider Time, ILogger Log);
#endif
