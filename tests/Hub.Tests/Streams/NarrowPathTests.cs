using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using ThreeClassrooms.Hub.Streams.Sockets;
using ThreeClassrooms.Media.Peers;

namespace ThreeClassrooms.Hub.Tests.Streams;

/// <summary>A way to a watcher that takes no packets of the usual size, as through a VPN: in a network namespace of the test's own thread. Needs root.</summary>
public sealed unsafe partial class NarrowPathTests
{
    private const int NewNetwork = 0x4000_0000;
    private const int SetFlags = 0x8914;
    private const int SetMtu = 0x8922;

    [Fact]
    public void RunThatIsTooLargeForThePath_GoesSingly_AndRunsGoOnForOthers()
    {
        string fault = "";
        var thread = new Thread(() => fault = Try());
        thread.Start();
        thread.Join();
        Assert.Equal("", fault);
    }

    private static string Try()
    {
        if (Unshare(NewNetwork) != 0)
        {
            return $"no network namespace: {Marshal.GetLastPInvokeError()}; run the tests as root";
        }

        int fd = LibC.Socket(LibC.AfInet, LibC.SockDgram | LibC.SockNonblock, 0);
        using var watcher = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        using var queue = new SendQueue(v6: false);
        try
        {
            if (!Configure(fd, SetMtu, 1000) || !Configure(fd, SetFlags, 0x41))
            {
                return "the loopback device cannot be set up";
            }

            watcher.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            TransportAddress to = SocketAddressBytes.From((IPEndPoint)watcher.LocalEndPoint!);
            List<int> got = [];
            for (int round = 0; round < 2; round++)
            {
                int lost = Send(queue, fd, to, 1200, 1200, 1200, 100);
                if (lost != 0 || !queue.Segmentation || queue.NarrowAddresses != 1)
                {
                    return $"round {round}: {lost} lost, segmentation {queue.Segmentation}, narrow {queue.NarrowAddresses}";
                }

                got.AddRange(Receive(watcher, 4));
            }

            return got.SequenceEqual([1200, 1200, 1200, 100, 1200, 1200, 1200, 100]) ? "" : "received " + string.Join(' ', got);
        }
        finally
        {
            LibC.Close(fd);
        }
    }

    private static int Send(SendQueue queue, int fd, in TransportAddress to, params int[] sizes)
    {
        foreach (int size in sizes)
        {
            queue.Reserve()[..size].Clear();
            queue.Commit(size, to);
        }

        return queue.Flush(fd);
    }

    private static List<int> Receive(Socket socket, int count)
    {
        List<int> got = [];
        byte[] buffer = new byte[2048];
        while (got.Count < count && socket.Poll(TimeSpan.FromSeconds(5), SelectMode.SelectRead))
        {
            got.Add(socket.Receive(buffer));
        }

        return got;
    }

    /// <summary>struct ifreq: name (16 bytes), then a union.</summary>
    private static bool Configure(int fd, int request, int value)
    {
        byte* name = stackalloc byte[40];
        new Span<byte>(name, 40).Clear();
        Encoding.ASCII.GetBytes("lo").CopyTo(new Span<byte>(name, 16));
        *(int*)(name + 16) = value;
        return IoCtl(fd, (nuint)request, name) == 0;
    }

    [LibraryImport("libc", EntryPoint = "unshare", SetLastError = true)]
    private static partial int Unshare(int flags);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int IoCtl(int fd, nuint request, byte* argument);
}
