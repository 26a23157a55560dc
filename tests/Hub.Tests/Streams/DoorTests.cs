using System.Net;
using System.Net.Sockets;
using ThreeClassrooms.Hub.Streams.Tcp;
using ThreeClassrooms.TestKit;

namespace ThreeClassrooms.Hub.Tests.Streams;

/// <summary>TCP connections of strangers at the hub's port.</summary>
public sealed class DoorTests
{
    [Fact]
    public async Task FirstByteOfMedia_AndNothingMore_IsEnded()
    {
        await using MediaHost host = await MediaHost.StartAsync();
        using TcpClient stranger = await ConnectAsync(host, 0x00);
        await Until.TrueAsync(() => HasEnded(stranger), () => "not ended");
        await Until.TrueAsync(() => host.Gate.Open == 0, () => $"{host.Gate.Open} connections open");
    }

    [Fact]
    public void ConnectionOfAStranger_TakesNoBuffers()
    {
        var gate = new ConnectionGate(new GateLimits(10, 10, 10, 10), TimeProvider.System);
        Assert.Null(gate.TryEnter(IPAddress.Loopback, () => { }, out ConnectionGuest? guest));
        long before = GC.GetAllocatedBytesForCurrentThread();
        using var stranger = new TcpMediaConnection(null!, default, null!, guest!);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4096);
    }

    [Fact]
    public async Task BindingRequestWithANameThatNobodyWasGiven_EndsTheConnection()
    {
        await using MediaHost host = await MediaHost.StartAsync();
        using TcpClient stranger = await ConnectAsync(host, LoopSetTests.Request("Azzzzzzzz", "ours", "unknown"));
        await Until.TrueAsync(() => HasEnded(stranger), () => "not ended");
    }

    private static async Task<TcpClient> ConnectAsync(MediaHost host, params byte[] words)
    {
        var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", host.Port);
        try
        {
            await client.GetStream().WriteAsync(words);
        }
        catch (IOException)
        {
            // It was ended before it could speak.
        }

        return client;
    }

    private static bool HasEnded(TcpClient client) => client.Client.Poll(0, SelectMode.SelectRead) && client.Available == 0;
}
