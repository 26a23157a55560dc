using System.Runtime.InteropServices;
using ThreeClassrooms.Media.Peers;

namespace ThreeClassrooms.Hub.Streams.Sockets;

/// <summary>
/// Datagrams waiting to go out, gathered into runs: neighbours to the same address, all of one size except a shorter last one,
/// go to the kernel as one message with UDP_SEGMENT. Native memory; one owner.
/// </summary>
internal sealed unsafe class SendQueue : IDisposable
{
    public const int MaxDatagram = 2048;

    // The kernel takes 64 segments (128 since 6.9) and at most 65,535 bytes with headers in one message.
    private const int MaxSegments = 60;
    private const int MaxRunBytes = 64_000;
    private const int MaxMessages = 256;
    private const int ArenaSize = 1 << 20;
    private const int ControlSize = 24; // CMSG_SPACE(sizeof(ushort))

    private readonly byte* _arena;
    private readonly LibC.MMsgHdr* _messages;
    private readonly LibC.IoVec* _vectors;
    private readonly byte* _names;
    private readonly byte* _controls;
    private const int MostNarrow = 4096;

    private readonly HashSet<TransportAddress> _narrow = [];
    private readonly Run[] _runs = new Run[MaxMessages];
    private readonly bool _v6;
    private int _used;
    private int _count;

    public SendQueue(bool v6)
    {
        _v6 = v6;
        _arena = (byte*)NativeMemory.Alloc(ArenaSize);
        _messages = (LibC.MMsgHdr*)NativeMemory.AllocZeroed(MaxMessages, (nuint)sizeof(LibC.MMsgHdr));
        _vectors = (LibC.IoVec*)NativeMemory.AllocZeroed(MaxMessages, (nuint)sizeof(LibC.IoVec));
        _names = (byte*)NativeMemory.AllocZeroed(MaxMessages, SocketAddressBytes.V6Length);
        _controls = (byte*)NativeMemory.AllocZeroed(MaxMessages, ControlSize);
    }

    private struct Run
    {
        public TransportAddress To;
        public int Offset;
        public int Bytes;
        public int SegmentSize;
        public int Segments;
        public bool Closed;
    }

    /// <summary>Segmentation offload is used. Off for good once a device has refused it (EIO: it cannot make checksums).</summary>
    public bool Segmentation { get; private set; } = true;

    /// <summary>Addresses that get no runs: the way to them takes no packets of the size that runs were cut into (a VPN, PPPoE).</summary>
    public int NarrowAddresses => _narrow.Count;

    public bool IsEmpty => _count == 0;

    /// <summary>There is room for one more datagram.</summary>
    public bool HasRoom => _used + MaxDatagram <= ArenaSize && _count < MaxMessages;

    public Span<byte> Reserve() => new(_arena + _used, MaxDatagram);

    public void Commit(int length, in TransportAddress to)
    {
        int offset = _used;
        _used += length;
        if (_count > 0 && Segmentation)
        {
            ref Run last = ref _runs[_count - 1];
            if (!last.Closed && last.To == to && !(_narrow.Count > 0 && _narrow.Contains(to)) && length <= last.SegmentSize && last.Segments < MaxSegments && last.Bytes + length <= MaxRunBytes)
            {
                last.Bytes += length;
                last.Segments++;
                last.Closed = length < last.SegmentSize;
                return;
            }
        }

        _runs[_count++] = new Run { To = to, Offset = offset, Bytes = length, SegmentSize = length, Segments = 1 };
    }

    /// <summary>Hands everything to the kernel.</summary>
    /// <returns>Datagrams that were not taken.</returns>
    public int Flush(int fd)
    {
        int lost = 0;
        int done = 0;
        Prepare();
        while (done < _count)
        {
            int sent = LibC.SendMMsg(fd, _messages + done, (uint)(_count - done), LibC.MsgDontWait);
            if (sent > 0)
            {
                done += sent;
                continue;
            }

            int error = Marshal.GetLastPInvokeError();
            if (error == LibC.EIntr || (error is LibC.EAgain or LibC.ENoBufs && WaitWritable(fd)))
            {
                continue;
            }

            ref Run run = ref _runs[done];
            if (error is LibC.EIo && run.Segments > 1)
            {
                Segmentation = false;
                lost += SendSingly(fd, done, _count);
                break;
            }

            if (error is LibC.EMsgSize or LibC.EInval && run.Segments > 1)
            {
                // The path's MTU is below the segments' size (kernels before 6.14 say EINVAL). Single datagrams may be cut on the way; runs are not.
                OnNarrow(run.To);
                lost += SendSingly(fd, done, done + 1);
                done++;
                continue;
            }

            lost += run.Segments; // unreachable, refused by a filter, or no memory: the next ones may fare better
            done++;
        }

        _count = 0;
        _used = 0;
        return lost;
    }

    public void Dispose()
    {
        NativeMemory.Free(_arena);
        NativeMemory.Free(_messages);
        NativeMemory.Free(_vectors);
        NativeMemory.Free(_names);
        NativeMemory.Free(_controls);
    }

    private void Prepare()
    {
        for (int i = 0; i < _count; i++)
        {
            ref Run run = ref _runs[i];
            byte* name = _names + (i * SocketAddressBytes.V6Length);
            int nameLength = SocketAddressBytes.Write(run.To, _v6, new Span<byte>(name, SocketAddressBytes.V6Length));
            _vectors[i] = new LibC.IoVec { Base = _arena + run.Offset, Length = (nuint)run.Bytes };
            byte* control = _controls + (i * ControlSize);
            bool segmented = run.Segments > 1;
            if (segmented)
            {
                *(LibC.CMsgHdr*)control = new LibC.CMsgHdr { Length = 16 + sizeof(ushort), Level = LibC.SolUdp, Type = LibC.UdpSegment };
                *(ushort*)(control + 16) = (ushort)run.SegmentSize;
            }

            _messages[i].Header = new LibC.MsgHdr
            {
                Name = name,
                NameLength = (uint)nameLength,
                Iov = _vectors + i,
                IovLength = 1,
                Control = segmented ? control : null,
                ControlLength = segmented ? ControlSize : 0u,
            };
        }
    }

    private void OnNarrow(in TransportAddress to)
    {
        if (_narrow.Count >= MostNarrow)
        {
            _narrow.Clear(); // those that still need it are found again
        }

        _narrow.Add(to);
    }

    /// <summary>Sends these runs datagram by datagram. An address needs it once, so it need not be fast.</summary>
    /// <param name="end">Exclusive.</param>
    private int SendSingly(int fd, int first, int end)
    {
        int lost = 0;
        var message = default(LibC.MMsgHdr);
        for (int i = first; i < end; i++)
        {
            ref Run run = ref _runs[i];
            for (int at = 0; at < run.Bytes; at += run.SegmentSize)
            {
                var vector = new LibC.IoVec { Base = _arena + run.Offset + at, Length = (nuint)Math.Min(run.SegmentSize, run.Bytes - at) };
                message.Header = _messages[i].Header with { Iov = &vector, Control = null, ControlLength = 0 };
                lost += LibC.SendMMsg(fd, &message, 1, LibC.MsgDontWait) == 1 ? 0 : 1;
            }
        }

        return lost;
    }

    /// <summary>A full send buffer empties within microseconds on a healthy machine; after 2 ms the packets are better lost than late.</summary>
    private static bool WaitWritable(int fd)
    {
        var poll = new LibC.PollFd { Fd = fd, Events = LibC.PollOut };
        return LibC.Poll(&poll, 1, 2) > 0;
    }
}
