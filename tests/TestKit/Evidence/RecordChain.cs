using System.Text.Json;
using System.Text.Json.Serialization;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.TestKit.Evidence;

/// <summary>A device's stream as an honest device would write it. Not thread-safe.</summary>
public sealed class RecordChain(string stream = EvidenceStreams.Evidence)
{
    public static readonly Guid Boot = Guid.Parse("0b00b00b-0000-4000-8000-000000000001");

    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };

    private readonly List<StreamRecord> _records = [];

    public Guid Epoch { get; init; } = Guid.NewGuid();

    public string Stream => stream;

    public IReadOnlyList<StreamRecord> Records => _records;

    /// <param name="at">By the device's clock, which is the hub's unless <paramref name="offsetMs"/> says otherwise.</param>
    public StreamRecord Add<T>(string type, T payload, DateTimeOffset at, long monoMs = 0, long? offsetMs = 0, long? errorMs = 5, bool historical = false)
    {
        var record = new StreamRecord(
            _records.Count + 1, Guid.CreateVersion7(), type, 1, at, monoMs, Boot, ClockState.Synced, offsetMs, errorMs, JsonSerializer.Serialize(payload, Json),
            _records.Count == 0 ? EvidenceStreams.Genesis : _records[^1].Sha256, "", historical);
        record = record with { Sha256 = EvidenceStreams.HashOf(Epoch, stream, record) };
        _records.Add(record);
        return record;
    }

    /// <summary>Changes a record and hashes it anew.</summary>
    public StreamRecord Altered(StreamRecord record) => record with { Sha256 = EvidenceStreams.HashOf(Epoch, stream, record) };

    public static StreamBatch Batch(IEnumerable<StreamRecord> records, DateTimeOffset? sentAt = null, params DroppedRange[] dropped) =>
        new(sentAt ?? DateTimeOffset.UnixEpoch.AddYears(56), 0, Guid.Empty, 0, 5, [.. records], dropped);
}
