namespace ThreeClassrooms.Hub.Streams.Sockets;

/// <summary>How many files and sockets this process may have open.</summary>
internal static unsafe class Descriptors
{
    /// <summary>The limit that the runtime has raised to the hard one; a bold guess where the system does not say.</summary>
    public static int Limit
    {
        get
        {
            LibC.RLimit limit = default;
            bool known = OperatingSystem.IsLinux() && Environment.Is64BitProcess && LibC.GetRLimit(LibC.RLimitNoFile, &limit) == 0;
            return known ? (int)Math.Min(limit.Current, 1_000_000) : 16_384;
        }
    }
}
