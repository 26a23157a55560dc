using System.Net;
using System.Net.Sockets;
using ThreeClassrooms.Agent.Simulation;
using ThreeClassrooms.Mqtt;
using ThreeClassrooms.TestKit;

namespace ThreeClassrooms.Agent.Tests.Simulation;

public sealed class CableTests
{
    [Fact]
    public async Task PulledCable_CarriesNothing_AndAllOfItWhenItIsBack()
    {
        await using var scene = await Scene.StartAsync();
        await scene.Device.SendAsync(new byte[] { 1 });
        Assert.Equal([1], await scene.ReceivedAsync(1));
        scene.Cable.Pull();
        Assert.True(scene.Cable.IsPulled);
        await scene.Device.SendAsync(new byte[] { 2, 3 });
        using TcpClient late = await scene.ConnectAsync();
        await late.Client.SendAsync(new byte[] { 9 });
        await using (var other = await Scene.StartAsync())
        {
            await other.TalkAsync(); // time enough for another cable to carry a great deal
        }

        Assert.False(scene.Broker.Pending()); // who connects meanwhile is not heard of
        Assert.Equal(0, scene.AtBroker.Available);
        scene.Cable.PlugIn();
        Assert.Equal([2, 3], await scene.ReceivedAsync(2));
        await Until.TrueAsync(scene.Broker.Pending);
    }

    [Fact]
    public async Task BrokerThatGivesUp_IsNotHeardThroughAPulledCable()
    {
        await using var scene = await Scene.StartAsync();
        await scene.Device.SendAsync(new byte[] { 1 });
        await scene.ReceivedAsync(1);
        scene.Cable.Pull();
        scene.AtBroker.Dispose();
        Task<int> end = scene.Device.ReceiveAsync(new byte[1]);
        await using (var other = await Scene.StartAsync())
        {
            await other.TalkAsync();
        }

        Assert.False(end.IsCompleted);
        scene.Cable.PlugIn();
        await Assert.ThrowsAsync<SocketException>(() => end);
    }

    [Fact]
    public async Task TornCable_EndsBothSidesAtOnce()
    {
        await using var scene = await Scene.StartAsync();
        await scene.Device.SendAsync(new byte[] { 1 });
        await scene.ReceivedAsync(1);
        scene.Cable.Tear();
        await Assert.ThrowsAsync<SocketException>(() => scene.Device.ReceiveAsync(new byte[1]));
        await Assert.ThrowsAsync<SocketException>(() => scene.AtBroker.ReceiveAsync(new byte[1]));
    }

    private sealed class Scene : IAsyncDisposable
    {
        private readonly MqttLinkSettings _through;
        private TcpClient _device = null!;

        private Scene()
        {
            Broker.Start();
            var settings = new MqttLinkSettings(
                "localhost", ((IPEndPoint)Broker.LocalEndpoint).Port, new MqttTls("trust.pem", NameCounts: true), "d", "d", () => "", TimeSpan.FromSeconds(10), true,
                TimeSpan.Zero, () => null, 20);
            _through = Cable.Through(settings);
            Assert.Equal(settings with { Host = "127.0.0.1", Port = _through.Port, Tls = settings.Tls! with { NameCounts = false } }, _through);
        }

        public Cable Cable { get; } = new();

        public TcpListener Broker { get; } = new(IPAddress.Loopback, 0);

        public Socket Device => _device.Client;

        public Socket AtBroker { get; private set; } = null!;

        public static async Task<Scene> StartAsync()
        {
            var scene = new Scene();
            scene._device = await scene.ConnectAsync();
            scene.AtBroker = await scene.Broker.AcceptSocketAsync();
            return scene;
        }

        public async Task<TcpClient> ConnectAsync()
        {
            var client = new TcpClient();
            await client.ConnectAsync(_through.Host, _through.Port);
            return client;
        }

        public async Task TalkAsync()
        {
            for (byte i = 0; i < 100; i++)
            {
                await Device.SendAsync(new[] { i });
                Assert.Equal([i], await ReceivedAsync(1));
            }
        }

        public async Task<byte[]> ReceivedAsync(int count)
        {
            byte[] received = new byte[count];
            int got = 0;
            while (got < count)
            {
                got += await AtBroker.ReceiveAsync(received.AsMemory(got));
            }

            return received;
        }

        public async ValueTask DisposeAsync()
        {
            await Cable.DisposeAsync();
            _device.Dispose();
            AtBroker.Dispose();
            Broker.Dispose();
        }
    }
}
