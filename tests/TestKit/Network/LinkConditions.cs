namespace ThreeClassrooms.TestKit.Network;

/// <summary>How badly one direction of a line behaves. The default is a perfect line with 1 ms of latency.</summary>
public sealed record LinkConditions
{
    public static readonly LinkConditions Perfect = new();

    public TimeSpan Latency { get; init; } = TimeSpan.FromMilliseconds(1);

    /// <summary>Each datagram takes up to this much longer, evenly spread; larger than the send interval it also reorders.</summary>
    public TimeSpan Jitter { get; init; }

    /// <summary>Share of datagrams lost, 0 to 1.</summary>
    public double Loss { get; init; }

    /// <summary>Share of datagrams held back by three latencies, 0 to 1.</summary>
    public double Reorder { get; init; }

    /// <summary>Share of datagrams that arrive twice, 0 to 1.</summary>
    public double Duplicate { get; init; }

    /// <summary>Bits per second of a serialising line with <see cref="Queue"/> of buffer; null: endless.</summary>
    public long? Rate { get; init; }

    /// <summary>Datagrams that would wait longer than this at a limited rate are lost.</summary>
    public TimeSpan Queue { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Nothing passes, neither UDP nor TCP.</summary>
    public bool Blackout { get; init; }

    /// <summary>A firewall that passes TCP only.</summary>
    public bool UdpBlocked { get; init; }
}
