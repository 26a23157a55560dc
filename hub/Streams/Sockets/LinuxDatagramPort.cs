using System.ComponentModel;
using System.Net;
using System.Runtime.InteropServices;
using ThreeClassrooms.Media.Peers;

namespace ThreeClassrooms.Hub.Streams.Sockets;

/// <summary>A UDP port through recvmmsg, sendmmsg and UDP_SEGMENT; an eventfd wakes it. Dual-stack where the system has IPv6.</summary>
internal sealed unsafe class LinuxDatagramPort : IDatagramPort
{
    private readonly int _fd;
    private readonly int _wake;
    private readonly SendQueue _send;
    private readonly ReceiveBatch _receive = new();

    /// <param name="listen">Address to bind; <see cref="IPAddress.IPv6Any"/> takes IPv4 as well.</param>
    /// <exception cref="Win32Exception">The port cannot be bound.</exception>
    public LinuxDatagramPort(IPAddress listen, int port, int bufferBytes)
    {
        bool v6 = listen.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6;
        _fd = LibC.Socket(v6 ? LibC.AfInet6 : LibC.AfInet, LibC.SockDgram | LibC.SockCloexec | LibC.SockNonblock, 0);
        if (_fd < 0 && v6 && listen.Equals(IPAddress.IPv6Any))
        {
            (v6, listen) = (false, IPAddress.Any);
            _fd = LibC.Socket(LibC.AfInet, LibC.SockDgram | LibC.SockCloexec | LibC.SockNonblock, 0);
        }

        Check(_fd >= 0, "socket");
        _wake = LibC.EventFd(0, LibC.EfdNonblock | LibC.EfdCloexec);
        Check(_wake >= 0, "eventfd");
        if (v6)
        {
            Set(LibC.IpProtoIpv6, LibC.Ipv6V6Only, 0);
        }

        SetBuffer(LibC.SoRcvBufForce, LibC.SoRcvBuf, bufferBytes);
        SetBuffer(LibC.SoSndBufForce, LibC.SoSndBuf, bufferBytes);
        Set(LibC.SolSocket, LibC.SoRxqOvfl, 1);
        Set(LibC.SolUdp, LibC.UdpGro, 1); // an older kernel refuses, and then delivers datagrams singly
        Span<byte> name = stackalloc byte[SocketAddressBytes.V6Length];
        int length = SocketAddressBytes.Write(SocketAddressBytes.From(new IPEndPoint(listen, port)), v6, name);
        fixed (byte* pinned = name)
        {
            Check(LibC.Bind(_fd, pinned, (uint)length) == 0, $"bind to UDP port {port}");
        }

        Port = port;
        _send = new SendQueue(v6);
    }

    public int Port { get; }

    public long KernelDrops => _receive.KernelDrops;

    public bool Segmentation => _send.Segmentation;

    public void Wait(TimeSpan longest)
    {
        LibC.PollFd* fds = stackalloc LibC.PollFd[2];
        fds[0] = new LibC.PollFd { Fd = _wake, Events = LibC.PollIn };
        fds[1] = new LibC.PollFd { Fd = _fd, Events = LibC.PollIn };
        var timeout = new LibC.TimeSpec { Seconds = longest.Ticks / TimeSpan.TicksPerSecond, Nanoseconds = longest.Ticks % TimeSpan.TicksPerSecond * 100 };
        LibC.PPoll(fds, 2, &timeout, null);
        if ((fds[0].Revents & LibC.PollIn) != 0)
        {
            ulong count;
            LibC.Read(_wake, &count, sizeof(ulong));
        }
    }

    public void Wake()
    {
        ulong one = 1;
        LibC.Write(_wake, &one, sizeof(ulong));
    }

    public int Receive() => _receive.Receive(_fd);

    public Span<byte> Received(int index, out TransportAddress from) => _receive.Datagram(index, out from);

    public Span<byte> Reserve()
    {
        if (!_send.HasRoom)
        {
            LostInCommit += _send.Flush(_fd);
        }

        return _send.Reserve();
    }

    public void Commit(int length, in TransportAddress to) => _send.Commit(length, to);

    public int Flush()
    {
        int lost = (_send.IsEmpty ? 0 : _send.Flush(_fd)) + LostInCommit;
        LostInCommit = 0;
        return lost;
    }

    public void Dispose()
    {
        LibC.Close(_fd);
        LibC.Close(_wake);
        _send.Dispose();
        _receive.Dispose();
    }

    private int LostInCommit { get; set; }

    private bool Set(int level, int name, int value) => LibC.SetSockOpt(_fd, level, name, &value, sizeof(int)) == 0;

    /// <summary>The forced form goes beyond the system's limit and needs a privilege; without it the limit holds.</summary>
    private void SetBuffer(int forced, int plain, int bytes)
    {
        if (!Set(LibC.SolSocket, forced, bytes))
        {
            Set(LibC.SolSocket, plain, bytes);
        }
    }

    private static void Check(bool done, string what)
    {
        if (!done)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), what);
        }
    }
}
