using System.Text.Json;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Playback;

/// <summary>One line of a lesson's evidence as the device saw it.</summary>
/// <param name="Sequence">Gapless per file, from 1: what was handed in can be acknowledged by number.</param>
/// <param name="EventId">Unique; version 7, so it sorts by time.</param>
/// <param name="ClockErrorMs">How far the stamps may be off the hub's clock; null: never compared.</param>
internal sealed record EvidenceLine(
    long Sequence, Guid EventId, Guid LessonId, string SeatId, string Kind, DateTimeOffset At, double? ClockErrorMs, ReceptionReport? Reception, string? Detail);

/// <summary>Appends what was received to <c>evidence/LESSON.jsonl</c>, whether or not the hub hears of it. Safe to call from anywhere.</summary>
internal sealed class EvidenceFile(string data, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, long> _sequences = [];

    public void Append(Guid lessonId, string seatId, string kind, double? clockErrorMs, DateTimeOffset at, ReceptionReport? reception = null, string? detail = null)
    {
        lock (_gate)
        {
            string path = Path.Combine(data, "evidence", lessonId.ToString("N") + ".jsonl");
            if (!_sequences.TryGetValue(lessonId, out long last))
            {
                AtomicFile.MakeFolder(Path.GetDirectoryName(path)!);
                last = Mend(path);
            }

            var line = new EvidenceLine(last + 1, Guid.CreateVersion7(time.GetUtcNow()), lessonId, seatId, kind, at, clockErrorMs, reception, detail);
            _sequences[lessonId] = line.Sequence;
            using var stream = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read);
            JsonSerializer.Serialize(stream, line, Wire.Json);
            stream.WriteByte((byte)'\n');
            stream.Flush(flushToDisk: true);
        }
    }

    /// <summary>Cuts a line that a crash left half written.</summary>
    /// <returns>The number of the last whole line; 0 when there is none.</returns>
    private static long Mend(string path)
    {
        if (!File.Exists(path))
        {
            return 0;
        }

        byte[] content = File.ReadAllBytes(path);
        int end = content.AsSpan().LastIndexOf((byte)'\n') + 1;
        if (end != content.Length)
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Write);
            stream.SetLength(end);
        }

        return content.AsSpan(0, end).Count((byte)'\n');
    }
}
