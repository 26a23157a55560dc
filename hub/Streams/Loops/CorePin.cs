using ThreeClassrooms.Hub.Streams.Sockets;

namespace ThreeClassrooms.Hub.Streams.Loops;

/// <summary>Ties the calling thread to one core.</summary>
internal static class CorePin
{
    /// <param name="core">−1: leave it to the scheduler. A core that does not exist changes nothing.</param>
    public static unsafe void Apply(int core)
    {
        if (core < 0 || !OperatingSystem.IsLinux())
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
