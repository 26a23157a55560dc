using System.Diagnostics.Metrics;
using System.Text.Json;
using ThreeClassrooms.Media.Forwarding;
using ThreeClassrooms.Media.Peers;

namespace ThreeClassrooms.Hub.Streams;

/// <summary>
/// Instruments of the media driver (meter <c>ThreeClassrooms.Streams</c>). The loop counts in plain fields and publishes the sums
/// twice a second, so that a packet costs an addition and no lookup.
/// </summary>
internal sealed class StreamsMetrics : IDisposable
{
    public const string MeterName = "ThreeClassrooms.Streams";

    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _packets;
    private readonly Counter<long> _bytes;
    private readonly Counter<long> _drops;
    private readonly Counter<long> _allocated;
    private readonly Counter<long> _events;
    private readonly Histogram<double> _delay;
    private readonly Histogram<double> _firstPacket;
    private readonly double[] _busy = new double[StreamsOptions.MostLoops];
    private readonly long[] _connections = new long[StreamsOptions.MostLoops];
    private int _loops = 1;

    public StreamsMetrics()
    {
        _packets = _meter.CreateCounter<long>("streams.packets", "{packet}", "Datagrams, by direction (in, out, forwarded)");
        _bytes = _meter.CreateCounter<long>("streams.bytes", "By", "Bytes of datagrams, by direction");
        _drops = _meter.CreateCounter<long>("streams.drops", "{packet}", "Datagrams not used or not sent, by reason");
        _events = _meter.CreateCounter<long>("streams.events", "{event}", "Requests for repeats, repeats, key-frame requests, joins, refusals, by kind");
        _allocated = _meter.CreateCounter<long>("streams.loop.allocated", "By", "Memory allocated by the media loop; nothing of it per packet");
        _delay = _meter.CreateHistogram<double>("streams.forwarding.delay", "ms", "From receiving a packet to handing it to the kernel");
        _firstPacket = _meter.CreateHistogram<double>("streams.join.first_packet", "ms", "From a watcher's offer to the first packet sent");
        _meter.CreateObservableGauge("streams.loop.busy", () => PerLoop(_busy), "%", "Share of the media loop's time that it worked");
        _meter.CreateObservableGauge("streams.connections", () => PerLoop(_connections), "{connection}", "Peer connections");
    }

    /// <summary>For listeners that want this driver's figures only.</summary>
    public Meter Meter => _meter;

    /// <param name="busy">Per cent of the last second, 0 to 100.</param>
    public void SetLoad(int loop, double busy, int connections)
    {
        Volatile.Write(ref _busy[loop], busy);
        Volatile.Write(ref _connections[loop], connections);
        if (loop >= Volatile.Read(ref _loops))
        {
            Volatile.Write(ref _loops, loop + 1); // loops begin one after the other
        }
    }

    public void Publish(LoopCounters counters)
    {
        _packets.Add(counters.PacketsIn, new KeyValuePair<string, object?>("direction", "in"));
        _packets.Add(counters.PacketsOut, new KeyValuePair<string, object?>("direction", "out"));
        _packets.Add(counters.Forwarded, new KeyValuePair<string, object?>("direction", "forwarded"));
        _bytes.Add(counters.BytesIn, new KeyValuePair<string, object?>("direction", "in"));
        _bytes.Add(counters.BytesOut, new KeyValuePair<string, object?>("direction", "out"));
        Drop("noConnection", counters.UnknownAddress);
        Drop("tooFast", counters.TooFast);
        Drop("kernelReceive", counters.KernelDrops);
        Drop("kernelSend", counters.SendFailures);
        Drop("tcpFull", counters.TcpFull);
        _allocated.Add(counters.Allocated);
    }

    /// <summary>Datagrams that the transport refused, by reason; the counts are taken.</summary>
    /// <param name="byReason">Indexed by <see cref="DropReason"/>.</param>
    public void PublishRefused(long[] byReason)
    {
        for (int i = 0; i < byReason.Length; i++)
        {
            Drop(ReasonNames[i], byReason[i]);
            byReason[i] = 0;
        }
    }

    /// <summary>Authentic packets of publishers that went no further, by reason; the counts are taken.</summary>
    /// <param name="byReason">Indexed by <see cref="MediaDrop"/>.</param>
    public void PublishDropped(long[] byReason)
    {
        for (int i = 0; i < byReason.Length; i++)
        {
            Drop(MediaReasonNames[i], byReason[i]);
            byReason[i] = 0;
        }
    }

    private static readonly string[] MediaReasonNames = [.. Enum.GetNames<MediaDrop>().Select(JsonNamingPolicy.CamelCase.ConvertName)];

    private static readonly string[] ReasonNames = [.. Enum.GetNames<DropReason>().Select(JsonNamingPolicy.CamelCase.ConvertName)];

    public void Delay(double milliseconds) => _delay.Record(milliseconds);

    public void FirstPacket(double milliseconds) => _firstPacket.Record(milliseconds);

    /// <param name="kind">"nack", "rtx", "pli", "join", "publish", "refused".</param>
    public void Event(string kind, long count = 1)
    {
        if (count > 0)
        {
            _events.Add(count, new KeyValuePair<string, object?>("kind", kind));
        }
    }

    public void Dispose() => _meter.Dispose();

    private IEnumerable<Measurement<T>> PerLoop<T>(T[] values)
        where T : struct
    {
        for (int i = 0; i < Volatile.Read(ref _loops); i++)
        {
            yield return new Measurement<T>(values[i], new KeyValuePair<string, object?>("loop", i));
        }
    }

    private void Drop(string reason, long count)
    {
        if (count > 0)
        {
            _drops.Add(count, new KeyValuePair<string, object?>("reason", reason));
        }
    }
}

/// <summary>What a loop counted since the last publication.</summary>
internal struct LoopCounters
{
    public long PacketsIn;
    public long PacketsOut;
    public long Forwarded;
    public long BytesIn;
    public long BytesOut;
    public long UnknownAddress;
    public long TooFast;
    public long KernelDrops;
    public long SendFailures;
    public long TcpFull;
    public long Allocated;
}
