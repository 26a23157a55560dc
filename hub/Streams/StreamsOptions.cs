using System.ComponentModel.DataAnnotations;
using System.Net;
using ThreeClassrooms.Hub.Hosting;
using ThreeClassrooms.Hub.Streams.Tcp;

namespace ThreeClassrooms.Hub.Streams;

/// <summary>Section <c>Streams</c> of the hub's configuration. A wrong value stops the start.</summary>
[Section("Streams")]
internal sealed record StreamsOptions : IValidatableObject
{
    /// <summary>
    /// IP addresses that schools reach this hub at, offered as ICE candidates; at most 16. Empty: all usable addresses of this machine.
    /// </summary>
    [MaxLength(16)]
    public IReadOnlyList<string> PublicAddresses { get; init; } = [];

    /// <summary>
    /// Port announced to peers when it differs from the listening one (port forwarding); 0: the listening port. With several media loops the ports behind it must be
    /// forwarded too, in the same order.
    /// </summary>
    [Range(0, 65535)]
    public int PublicPort { get; init; }

    /// <summary>Offer media over TCP on the same port number for schools that block UDP.</summary>
    public bool Tcp { get; init; } = true;

    public const int MostLoops = 16;

    /// <summary>
    /// Media loops at most, 1 to 16; 0: one per core, at most 8. Each has a thread and a UDP port of its own: the hub's port number, the next one, and so on.
    /// The second begins with the seventeenth lesson at once; who cannot reach its port is served over TCP by the hub's own.
    /// </summary>
    [Range(0, MostLoops)]
    public int Loops { get; init; }

    /// <summary>Core that the first media loop is tied to, the others to the cores behind it; -1: the scheduler decides.</summary>
    [Range(-1, 1023)]
    public int PinCore { get; init; } = -1;

    /// <summary>Socket buffers in bytes, each direction; 64 KiB to 256 MiB. The system may allow less.</summary>
    [Range(65_536, 268_435_456)]
    public int SocketBuffer { get; init; } = 8 * 1024 * 1024;

    /// <summary>Upper limit that publishers without transport-wide feedback are told, bits per second; 100 kbit/s to 50 Mbit/s.</summary>
    [Range(100_000, 50_000_000)]
    public int PublisherMaxBitrate { get; init; } = 6_000_000;

    /// <summary>Share of a media loop's time, percent, above which new connections are refused; 20 to 100.</summary>
    [Range(20, 100)]
    public int BusyPercent { get; init; } = 85;

    /// <summary>Media connections of the whole hub; 1 to 100 000.</summary>
    [Range(1, 100_000)]
    public int MaxConnections { get; init; } = 5_000;

    /// <summary>Offers accepted per second from one client address (burst: ten times as many); 1 to 10 000.</summary>
    [Range(1, 10_000)]
    public int OffersPerSecond { get; init; } = 50;

    /// <summary>
    /// TCP connections that the hub's port takes at once, pages and media together; a quarter of them is kept for addresses from which somebody has signed in.
    /// 0: half of what the process may open, 8,192 at most.
    /// </summary>
    [Range(0, 1_000_000)]
    public int MaxTcpConnections { get; init; }

    /// <summary>Of these, from one address; behind a reverse proxy or a whole county's network all may come from one. 0: a half.</summary>
    [Range(0, 1_000_000)]
    public int TcpConnectionsPerAddress { get; init; }

    /// <param name="descriptors">Files and sockets that the process may open.</param>
    internal GateLimits GateLimitsHere(int descriptors)
    {
        int open = MaxTcpConnections > 0 ? MaxTcpConnections : Math.Clamp(descriptors / 2, 64, 8192);
        int silent = Math.Clamp(open / 4, 16, 1024);
        return new GateLimits(open, TcpConnectionsPerAddress > 0 ? TcpConnectionsPerAddress : Math.Max(16, open / 2), silent, Math.Max(16, silent / 4));
    }

    /// <summary><see cref="Loops"/>, with 0 resolved for this machine.</summary>
    public int LoopsHere => Loops > 0 ? Loops : Math.Min(8, Environment.ProcessorCount);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (PublicAddresses.Any(a => !IPAddress.TryParse(a, out _)))
        {
            yield return new ValidationResult("must be IP addresses", [nameof(PublicAddresses)]);
        }
    }
}
