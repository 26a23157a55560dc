using ThreeClassrooms.Hub.Streams.Sockets;

namespace ThreeClassrooms.Hub.Streams.Loops;

/// <summary>What the scheduler is told of the calling thread, which forwards media.</summary>
internal static class MediaThread
{
    /// <summary>Before others of the machine, but behind what the system itself runs.</summary>
    private const int Nice = -10;

    /// <summary>
    /// Forwarding takes a fraction of a core in pieces of a millisecond: to be interrupted in one of them costs more than to finish it. Without the
    /// privilege (<c>LimitNICE</c>, CAP_SYS_NICE) the thread stays as it is.
    /// </summary>
    /// <param name="core">−1: leave it to the scheduler. A core that does not exist changes nothing.</param>
    public static void Settle(int core)
    {
        if (OperatingSystem.IsLinux())
        {
            LibC.SetPriority(LibC.PrioProcess, 0, Nice); // 0: on Linux the calling thread, not its process
            Pin(core);
        }
    }

    private static unsafe void Pin(int core)
    {
        if (core < 0)
        {
            return;
        }

        Span<byte> mask = stackalloc byte[128];
        mask.Clear();
        mask[core / 8] = (byte)(1 << (core % 8));
        fixed (byte* pinned = mask)
        {
            LibC.SchedSetAffinity(0, (nuint)mask.Length, pinned);
        }
    }
}
