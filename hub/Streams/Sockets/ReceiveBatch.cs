using System.Runtime.InteropServices;
using ThreeClassrooms.Media.Peers;

namespace ThreeClassrooms.Hub.Streams.Sockets;

/// <summary>Buffers and bookkeeping of one <c>recvmmsg</c>: with UDP_GRO each message may hold many datagrams of one sender. Native memory; one owner.</summary>
internal sealed unsafe class ReceiveBatch : IDisposable
{
    private const int Messages = 64;
    private const int MessageSize = 65_536;
    private const int ControlSize = 64;
    private const int MaxDatagrams = 1024;

    private readonly byte* _buffers;
    private readonly LibC.MMsgHdr* _headers;
    private readonly LibC.IoVec* _vectors;
    private readonly byte* _names;
    private readonly byte* _controls;
    private readonly (int Message, int Offset, int Length)[] _datagrams = new (int, int, int)[MaxDatagrams];
    private readonly TransportAddress[] _from = new TransportAddress[Messages];

    public ReceiveBatch()
    {
        _buffers = (byte*)NativeMemory.Alloc(Messages, MessageSize); // touched, and so taken, only as far as it is used
        _headers = (LibC.MMsgHdr*)NativeMemory.AllocZeroed(Messages, (nuint)sizeof(LibC.MMsgHdr));
        _vectors = (LibC.IoVec*)NativeMemory.AllocZeroed(Messages, (nuint)sizeof(LibC.IoVec));
        _names = (byte*)NativeMemory.AllocZeroed(Messages, SocketAddressBytes.V6Length);
        _controls = (byte*)NativeMemory.AllocZeroed(Messages, ControlSize);
        for (int i = 0; i < Messages; i++)
        {
            _vectors[i] = new LibC.IoVec { Base = _buffers + (i * MessageSize), Length = MessageSize };
        }
    }

    /// <summary>The kernel's count of discarded datagrams (SO_RXQ_OVFL), as last told.</summary>
    public uint KernelDrops { get; private set; }

    public int Receive(int fd)
    {
        for (int i = 0; i < Messages; i++)
        {
            _headers[i].Header = new LibC.MsgHdr
            {
                Name = _names + (i * SocketAddressBytes.V6Length),
                NameLength = SocketAddressBytes.V6Length,
                Iov = _vectors + i,
                IovLength = 1,
                Control = _controls + (i * ControlSize),
                ControlLength = ControlSize,
            };
        }

        int received = LibC.RecvMMsg(fd, _headers, Messages, LibC.MsgDontWait, null);
        int count = 0;
        for (int i = 0; i < received; i++)
        {
            count = Split(i, count);
        }

        return count;
    }

    public Span<byte> Datagram(int index, out TransportAddress from)
    {
        (int message, int offset, int length) = _datagrams[index];
        from = _from[message];
        return new Span<byte>(_buffers + (message * MessageSize) + offset, length);
    }

    public void Dispose()
    {
        NativeMemory.Free(_buffers);
        NativeMemory.Free(_headers);
        NativeMemory.Free(_vectors);
        NativeMemory.Free(_names);
        NativeMemory.Free(_controls);
    }

    private int Split(int message, int count)
    {
        ref LibC.MMsgHdr header = ref _headers[message];
        if ((header.Header.Flags & LibC.MsgTrunc) != 0)
        {
            return count;
        }

        _from[message] = SocketAddressBytes.Read(new ReadOnlySpan<byte>(header.Header.Name, SocketAddressBytes.V6Length));
        int total = (int)header.Length;
        int size = ReadControl(header.Header);
        size = size <= 0 ? Math.Max(1, total) : size;
        for (int offset = 0; offset < total && count < MaxDatagrams; offset += size)
        {
            _datagrams[count++] = (message, offset, Math.Min(size, total - offset));
        }

        return count;
    }

    /// <returns>Size of the segments within the message (UDP_GRO); 0: it is one datagram.</returns>
    private int ReadControl(in LibC.MsgHdr header)
    {
        int segment = 0;
        nuint at = 0;
        while (at + 16 <= header.ControlLength)
        {
            var control = (LibC.CMsgHdr*)(header.Control + at);
            if (control->Length < 16)
            {
                break;
            }

            if (control->Level == LibC.SolUdp && control->Type == LibC.UdpGro)
            {
                segment = *(int*)(header.Control + at + 16);
            }
            else if (control->Level == LibC.SolSocket && control->Type == LibC.SoRxqOvfl)
            {
                KernelDrops = *(uint*)(header.Control + at + 16);
            }

            at += (control->Length + 7) & ~(nuint)7;
        }

        return segment;
    }
}
