using System.Net;
using ThreeClassrooms.Benchmarks;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Streams;
using ThreeClassrooms.Media.Dtls;
using ThreeClassrooms.TestKit;

namespace ThreeClassrooms.Hub.Tests.Streams;

/// <summary>A loop that is allowed a fifth of a core, and more watchers than that carries.</summary>
public sealed class OverloadTests : IAsyncLifetime
{
    private const int MostWatchers = 800;

    private readonly DtlsIdentity _identity = DtlsIdentity.Create(DateTimeOffset.UtcNow.AddDays(-1));
    private readonly LoadThread _load = new();
    private MediaHost _host = null!;

    public async Task InitializeAsync() =>
        _host = await MediaHost.StartAsync(new StreamsOptions { BusyPercent = 20, SocketBuffer = 4 << 20, OffersPerSecond = 10_000 });

    public async Task DisposeAsync()
    {
        _load.Stop();
        await _host.DisposeAsync();
        _identity.Dispose();
    }

    [Fact]
    public async Task BusyHub_RefusesWatchers_LosesNothingForThoseItHas_AndLetsTheLecturerIn()
    {
        _load.Publish(await ConnectAsync(StreamIds.HostCamera, MediaDirection.Publish));
        await _load.AllConnectedAsync();
        HttpStatusCode? refusal = null;
        int watchers = 0;
        while (refusal is null && watchers < MostWatchers)
        {
            try
            {
                _load.Watch(await ConnectAsync(StreamIds.HostCamera, MediaDirection.Watch));
                watchers++;
            }
            catch (HttpRequestException refused)
            {
                refusal = refused.StatusCode;
            }
        }

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refusal);
        await _load.AllConnectedAsync();
        long until = _load.Received + 10_000;
        await Until.TrueAsync(() => _load.Received >= until, () => "10,000 more packets");
        Assert.Equal(0, _load.Missing);

        _load.Publish(await ConnectAsync(StreamIds.Of("host", StreamKind.Screen), MediaDirection.Publish));
        await _load.AllConnectedAsync();
    }

    private Task<LoadPeer> ConnectAsync(string stream, MediaDirection direction)
    {
        bool publishes = direction == MediaDirection.Publish;
        MediaTicket ticket = _host.Ticket(publishes ? "host" : "o-1", stream, direction);
        return LoadPeer.ConnectAsync(_host.Http, ticket.Url, ticket.Token, _identity, publishes);
    }
}
