using System.Runtime.InteropServices;

namespace ThreeClassrooms.Media.Dtls;

/// <summary>
/// A memory BIO that keeps datagram boundaries: one read returns one whole datagram, one write is one datagram. It also hears when
/// OpenSSL starts and stops its retransmission timer, so that the session's clock can stand in for the machine's.
/// </summary>
internal static unsafe class DatagramBio
{
    private static readonly nint Method = CreateMethod();

    /// <summary>A new BIO that belongs to one session; freed with the SSL object it is given to.</summary>
    /// <param name="owner">A handle whose target is a <see cref="DtlsSession"/>; must outlive the BIO.</param>
    public static nint Create(GCHandle owner)
    {
        var bio = LibSsl.BIO_new(Method);
        LibSsl.BIO_set_data(bio, GCHandle.ToIntPtr(owner));
        LibSsl.BIO_set_init(bio, 1);
        return bio;
    }

    public static DtlsSession? SessionOf(nint bio) =>
        LibSsl.BIO_get_data(bio) is var data and not 0 ? GCHandle.FromIntPtr(data).Target as DtlsSession : null;

    private static nint CreateMethod()
    {
        fixed (byte* name = "datagrams\0"u8)
        {
            // The name is copied; the method lives as long as the process.
            var method = LibSsl.BIO_meth_new(LibSsl.BioTypeSourceSink, name);
            _ = LibSsl.BIO_meth_set_write(method, &OnWrite);
            _ = LibSsl.BIO_meth_set_read(method, &OnRead);
            _ = LibSsl.BIO_meth_set_ctrl(method, &OnCtrl);
            return method;
        }
    }

    [UnmanagedCallersOnly]
    private static int OnWrite(nint bio, byte* data, int length)
    {
        SessionOf(bio)?.OnOutgoing(new ReadOnlySpan<byte>(data, length));
        return length;
    }

    [UnmanagedCallersOnly]
    private static int OnRead(nint bio, byte* buffer, int length)
    {
        LibSsl.BIO_clear_flags(bio, LibSsl.BioFlagsAllRetry);
        var taken = SessionOf(bio)?.TakeIncoming(new Span<byte>(buffer, length)) ?? 0;
        if (taken > 0)
        {
            return taken;
        }

        LibSsl.BIO_set_flags(bio, LibSsl.BioFlagsReadRetry);
        return -1;
    }

    [UnmanagedCallersOnly]
    private static nint OnCtrl(nint bio, int command, nint argument, void* pointer)
    {
        switch (command)
        {
            case LibSsl.BioCtrlFlush:
                return 1;
            case LibSsl.BioCtrlDgramQueryMtu or LibSsl.BioCtrlDgramGetFallbackMtu:
                return DtlsSession.Mtu;
            case LibSsl.BioCtrlDgramSetNextTimeout:
                SessionOf(bio)?.OnTimer((LibSsl.TimeValue*)pointer);
                return 1;
            default:
                return 0;
        }
    }
}
