using System.Diagnostics.Metrics;
using System.Net.Sockets;
using ThreeClassrooms.Benchmarks;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Media.Dtls;
using ThreeClassrooms.TestKit;

namespace ThreeClassrooms.Hub.Tests.Streams;

/// <summary>The driver with real sockets: clients on loopback, one camera of 2 Mbit/s.</summary>
public sealed class DriverTests : IAsyncLifetime
{
    private readonly DtlsIdentity _identity = DtlsIdentity.Create(DateTimeOffset.UtcNow.AddDays(-1));
    private readonly LoadThread _load = new();
    private MediaHost _host = null!;

    public async Task InitializeAsync()
    {
        _host = await MediaHost.StartAsync();
        _load.Publish(await ConnectAsync(MediaDirection.Publish));
        await _load.AllConnectedAsync();
    }

    public async Task DisposeAsync()
    {
        _load.Stop();
        await _host.DisposeAsync();
        _identity.Dispose();
    }

    [Fact]
    public async Task Forwarding_AllocatesNothingPerPacket()
    {
        long forwarded = 0, allocated = 0;
        await JoinAsync(20);
        await ReceivedAsync(5_000); // every path has been taken once
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter == _host.Metrics.Meter && instrument.Name is "streams.packets" or "streams.loop.allocated")
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            if (instrument.Meter == _host.Metrics.Meter && instrument.Name == "streams.loop.allocated")
            {
                Interlocked.Add(ref allocated, value);
            }
            else if (instrument.Meter == _host.Metrics.Meter && tags[0].Value is "forwarded")
            {
                Interlocked.Add(ref forwarded, value);
            }
        });
        listener.Start();
        await Until.TrueAsync(() => Interlocked.Read(ref allocated) > 0, () => "figures of the second in which they joined");
        Interlocked.Exchange(ref forwarded, 0);
        Interlocked.Exchange(ref allocated, 0);
        await Until.TrueAsync(() => Interlocked.Read(ref forwarded) > 15_000, () => "15,000 packets forwarded");

        // Once a second there is a report for each connection; a packet that cost an object would show as 24 bytes or more.
        Assert.InRange(Interlocked.Read(ref allocated) / (double)Interlocked.Read(ref forwarded), 0, 4);
    }

    [Fact]
    public async Task ManyJoinAtOnce_ThoseWhoWatchLoseNothing()
    {
        await JoinAsync(10);
        await ReceivedAsync(1_000);
        await JoinAsync(150);
        await ReceivedAsync(_load.Received + 20_000);
        Assert.Equal(0, _load.Missing);
    }

    [Fact]
    public async Task DatagramsOfStrangers_AndForgedOnes_AreCountedByReason()
    {
        long strange = 0, forged = 0;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter == _host.Metrics.Meter && instrument.Name == "streams.drops")
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            if (instrument.Meter == _host.Metrics.Meter && tags[0].Value is "noConnection")
            {
                Interlocked.Add(ref strange, value);
            }
            else if (instrument.Meter == _host.Metrics.Meter && tags[0].Value is "unauthenticated")
            {
                Interlocked.Add(ref forged, value);
            }
        });
        listener.Start();
        byte[] packet = [0x80, 96, 0, 1, .. new byte[60]];
        using var stranger = new UdpClient();
        LoadPeer watcher = await ConnectAsync(MediaDirection.Watch);
        _load.Watch(watcher);
        await _load.AllConnectedAsync();
        for (int i = 0; i < 7; i++)
        {
            await stranger.SendAsync(packet, "127.0.0.1", _host.Port);
            watcher.SendWire(packet);
        }

        await Until.TrueAsync(() => Interlocked.Read(ref strange) == 7 && Interlocked.Read(ref forged) == 7, () => $"7 of a stranger ({strange}), 7 forged ({forged})");
    }

    private async Task JoinAsync(int watchers)
    {
        for (int i = 0; i < watchers; i++)
        {
            _load.Watch(await ConnectAsync(MediaDirection.Watch));
        }

        await _load.AllConnectedAsync();
    }

    private Task<LoadPeer> ConnectAsync(MediaDirection direction)
    {
        bool publishes = direction == MediaDirection.Publish;
        MediaTicket ticket = _host.Ticket(publishes ? "host" : "o-1", StreamIds.HostCamera, direction);
        return LoadPeer.ConnectAsync(_host.Http, ticket.Url, ticket.Token, _identity, publishes);
    }

    private Task ReceivedAsync(long packets) => Until.TrueAsync(() => _load.Received >= packets, () => $"{packets} packets at the watchers");
}
