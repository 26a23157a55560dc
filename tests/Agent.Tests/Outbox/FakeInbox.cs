using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Tests.Outbox;

/// <summary>A hub's inbox in memory, as the contract describes it: keeps what is new, acknowledges what it has.</summary>
internal sealed class FakeInbox
{
    private readonly Dictionary<(Guid, string), SortedDictionary<long, StreamRecord>> _streams = [];
    private readonly Dictionary<(Guid, string), HashSet<long>> _dropped = [];

    /// <summary>Types that are refused for good.</summary>
    public HashSet<string> Poison { get; } = [];

    /// <summary>Payloads of everything kept, in no order.</summary>
    public IEnumerable<StreamRecord> Kept => _streams.Values.SelectMany(s => s.Values);

    /// <summary>How many numbers were declared never to come.</summary>
    public int Dropped => _dropped.Values.Sum(d => d.Count);

    public IEnumerable<(Guid Epoch, string Stream)> Streams => _streams.Where(s => s.Value.Count > 0).Select(s => s.Key);

    public SortedDictionary<long, StreamRecord> Of(Guid epoch, string stream) => _streams.TryGetValue((epoch, stream), out var known) ? known : _streams[(epoch, stream)] = [];

    public StreamAck Take(Guid epoch, string stream, StreamBatch batch)
    {
        SortedDictionary<long, StreamRecord> kept = Of(epoch, stream);
        HashSet<long> dropped = _dropped.TryGetValue((epoch, stream), out HashSet<long>? known) ? known : _dropped[(epoch, stream)] = [];
        List<RefusedRecord> refused = [];
        List<long> conflicts = [];
        foreach (StreamRecord record in batch.Records)
        {
            Assert.Equal(EvidenceStreams.HashOf(epoch, stream, record), record.Sha256);
            if (Poison.Contains(record.Type))
            {
                refused.Add(new RefusedRecord(record.Sequence, RecordRefusal.BadRecord));
            }
            else if (kept.TryGetValue(record.Sequence, out StreamRecord? same))
            {
                if (same.Sha256 != record.Sha256)
                {
                    conflicts.Add(record.Sequence);
                }
            }
            else if (kept.TryGetValue(record.Sequence - 1, out StreamRecord? before) && before.Sha256 != record.Previous)
            {
                conflicts.Add(record.Sequence);
            }
            else
            {
                kept[record.Sequence] = record;
            }
        }

        foreach (DroppedRange range in batch.Dropped)
        {
            for (long n = range.From; n <= range.Through; n++)
            {
                dropped.Add(n);
            }
        }

        long through = 0;
        while (kept.ContainsKey(through + 1) || dropped.Contains(through + 1))
        {
            through++;
        }

        return new StreamAck(stream, epoch, through, [], refused, conflicts, DateTimeOffset.UtcNow);
    }
}
