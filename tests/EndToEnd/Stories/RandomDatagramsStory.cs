using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ThreeClassrooms.EndToEnd.Stage;

namespace ThreeClassrooms.EndToEnd.Stories;

/// <summary>Ten million datagrams of rubbish, some of it shaped like STUN, DTLS and RTP, at the media port: nothing breaks and nothing grows.</summary>
[Collection(nameof(OneAtATime))]
public sealed class RandomDatagramsStory
{
    private const int Datagrams = 10_000_000;

    [Fact]
    public async Task TenMillionRandomDatagrams_NoError_NoGrowth()
    {
        await using HubProcess hub = await HubProcess.StartAsync();
        Flood(hub.Port, Datagrams / 10, seed: 1);
        long before = Resident(hub);
        Flood(hub.Port, Datagrams - (Datagrams / 10), seed: 2);

        using var http = new HttpClient();
        Assert.Equal("ok", await http.GetStringAsync(new Uri(hub.Address, "/healthz")));
        Assert.Empty(hub.Errors);
        Assert.False(hub.Process.HasExited);
        long growth = Resident(hub) - before;
        Assert.True(growth < 32 << 20, $"resident memory grew by {growth >> 20} MiB");
    }

    /// <summary>One in four is pure noise; the others carry the first bytes of STUN, DTLS or RTP and noise behind them.</summary>
    private static void Flood(int port, int count, int seed)
    {
        var random = new Random(seed);
        byte[] noise = new byte[1 << 16];
        random.NextBytes(noise);
        Span<byte> datagram = stackalloc byte[1500];
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Connect(IPAddress.Loopback, port);
        for (int i = 0; i < count; i++)
        {
            int length = random.Next(0, 200);
            noise.AsSpan(random.Next(noise.Length - length), length).CopyTo(datagram);
            if (length >= 20)
            {
                Shape(datagram, i & 3, length);
            }

            try
            {
                socket.Send(datagram[..length]);
            }
            catch (SocketException)
            {
                // The kernel's buffer is full or the port answered with an error: the flood goes on.
            }
        }
    }

    private static void Shape(Span<byte> datagram, int kind, int length)
    {
        switch (kind)
        {
            case 1: // STUN binding request with the cookie and a length that fits
                ((ReadOnlySpan<byte>)[0x00, 0x01, 0x00, (byte)((length - 20) & ~3), 0x21, 0x12, 0xA4, 0x42]).CopyTo(datagram);
                break;
            case 2: // DTLS handshake record
                ((ReadOnlySpan<byte>)[0x16, 0xFE, 0xFD]).CopyTo(datagram);
                break;
            case 3: // RTP or RTCP
                datagram[0] = 0x80;
                break;
            default:
                break;
        }
    }

    private static long Resident(HubProcess hub)
    {
        using var process = Process.GetProcessById(hub.Process.Id);
        return process.WorkingSet64;
    }
}
