using System.Text.Json;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Hub.Devices.Inbox;

/// <summary>What is kept at one number: enough to compare with.</summary>
internal readonly record struct KeptRecord(Guid EventId, string Previous, string Sha256);

/// <summary>What is to be done with a batch.</summary>
/// <param name="New">To be kept, in order.</param>
internal sealed record BatchVerdict(
    IReadOnlyList<StreamRecord> New, IReadOnlyList<RefusedRecord> Refused, IReadOnlyList<(StreamRecord Record, ConflictReason Reason)> Conflicts, int Duplicates);

/// <summary>Compares a batch with what is kept. Pure: the same batch after any other batches gives the same records kept once.</summary>
internal static class BatchCheck
{
    /// <summary>No clock of ours is outside these; a stamp that is would not fit into every database.</summary>
    private static readonly DateTimeOffset Earliest = new(1970, 1, 1, 0, 0, 0, TimeSpan.Zero), Latest = new(2200, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <param name="kept">What is kept at the batch's numbers and at those next to them.</param>
    /// <param name="takenIds">Those of the batch's event ids that are kept anywhere.</param>
    public static BatchVerdict Compare(
        Guid epoch, string stream, IEnumerable<StreamRecord> records, IReadOnlyDictionary<long, KeptRecord> kept, IReadOnlySet<Guid> takenIds)
    {
        Dictionary<long, KeptRecord> known = new(kept);
        HashSet<Guid> taken = [.. takenIds];
        List<StreamRecord> fresh = [];
        List<RefusedRecord> refused = [];
        List<(StreamRecord, ConflictReason)> conflicts = [];
        int duplicates = 0;
        foreach (StreamRecord record in records)
        {
            if (Refusal(epoch, stream, record) is { } refusal)
            {
                refused.Add(new RefusedRecord(record.Sequence, refusal));
            }
            else if (known.TryGetValue(record.Sequence, out KeptRecord same))
            {
                if (same.Sha256 == record.Sha256)
                {
                    duplicates++;
                }
                else
                {
                    conflicts.Add((record, ConflictReason.NumberTaken));
                }
            }
            else if (taken.Contains(record.EventId))
            {
                conflicts.Add((record, ConflictReason.EventIdTaken));
            }
            else if (!Continues(record, known))
            {
                conflicts.Add((record, ConflictReason.ChainBroken));
            }
            else
            {
                fresh.Add(record);
                known[record.Sequence] = new KeptRecord(record.EventId, record.Previous, record.Sha256);
                taken.Add(record.EventId);
            }
        }

        return new BatchVerdict(fresh, refused, conflicts, duplicates);
    }

    private static bool Continues(StreamRecord record, Dictionary<long, KeptRecord> known)
    {
        bool follows = record.Sequence == 1
            ? record.Previous == EvidenceStreams.Genesis
            : !known.TryGetValue(record.Sequence - 1, out KeptRecord before) || before.Sha256 == record.Previous;
        return follows && (!known.TryGetValue(record.Sequence + 1, out KeptRecord after) || after.Previous == record.Sha256);
    }

    private static RecordRefusal? Refusal(Guid epoch, string stream, StreamRecord record)
    {
        bool sound = record.Sequence is > 0 and < long.MaxValue && record.Schema is > 0 and < 10_000 && record.EventId != Guid.Empty
            && record.At >= Earliest && record.At < Latest && IsUptime(record.MonoMs) && IsOffset(record.ClockOffsetMs) && record.ClockErrorMs is null or (>= 0 and < int.MaxValue)
            && record.Type is { Length: > 0 and <= EvidenceStreams.MaxTypeLength } && record.Type.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '-')
            && System.Text.Encoding.UTF8.GetByteCount(record.Payload) <= EvidenceStreams.MaxPayloadBytes && IsJson(record.Payload) && !record.Payload.Contains('\0', StringComparison.Ordinal);
        return !sound ? RecordRefusal.BadRecord
            : EvidenceStreams.HashOf(epoch, stream, record) != record.Sha256 ? RecordRefusal.BadHash
            : null;
    }

    /// <summary>Up to a hundred years.</summary>
    internal static bool IsOffset(long? milliseconds) => milliseconds is null or (> -3_155_760_000_000 and < 3_155_760_000_000);

    /// <summary>Up to a hundred years: no machine runs for longer, and no time could be counted with more.</summary>
    internal static bool IsUptime(long milliseconds) => milliseconds is >= 0 and < 3_155_760_000_000;

    private static bool IsJson(string text)
    {
        try
        {
            using JsonDocument _ = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
