using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ThreeClassrooms.Contracts;

/// <summary>
/// Store-and-forward between agent and hub. A device numbers its records per stream without gaps, from 1; the hub acknowledges what it has
/// committed. PUT <see cref="Path"/> with a <see cref="StreamBatch"/>, a device token and <see cref="DigestHeader"/>; the answer is a
/// <see cref="StreamAck"/>. Sending again is always safe. An empty batch asks how far the hub is.
/// </summary>
public static class EvidenceStreams
{
    /// <summary>Attendance, reception, readiness, recording: never dropped.</summary>
    public const string Evidence = "evidence";

    /// <summary>Events of the device's own state: dropped only when the disk leaves no room for evidence.</summary>
    public const string State = "state";

    /// <summary>Back-filled readings: the first to go.</summary>
    public const string Metrics = "metrics";

    /// <summary>Largest body of a batch, bytes.</summary>
    public const int MaxBatchBytes = 512 << 10;

    public const int MaxRecords = 200;

    /// <summary>Largest payload of a record, UTF-8 bytes.</summary>
    public const int MaxPayloadBytes = 16 << 10;

    /// <summary>Longest <see cref="StreamRecord.Type"/>, characters of <c>[a-z0-9.-]</c>.</summary>
    public const int MaxTypeLength = 40;

    /// <summary>SHA-256 of the body (RFC 9530): <c>sha-256=:BASE64:</c>.</summary>
    public const string DigestHeader = "Content-Digest";

    /// <summary>Route of the batches.</summary>
    public const string Route = "/api/device/streams/{epoch:guid}/{stream}/{from:long}";

    /// <summary>What stands before a stream's first record: 64 zeros.</summary>
    public static readonly string Genesis = new('0', 64);

    /// <summary>Most important first.</summary>
    public static readonly IReadOnlyList<string> All = [Evidence, State, Metrics];

    /// <param name="epoch">Random, new for every outbox file: a device that begins anew begins at 1 in another epoch.</param>
    /// <param name="from">Number of the first record in the batch; of an empty one the next to come.</param>
    public static string Path(Guid epoch, string stream, long from) =>
        string.Create(CultureInfo.InvariantCulture, $"/api/device/streams/{epoch}/{stream}/{from}");

    public static string Digest(ReadOnlySpan<byte> body) => $"sha-256=:{Convert.ToBase64String(SHA256.HashData(body))}:";

    /// <summary>
    /// What <see cref="StreamRecord.Sha256"/> must be, 64 lower-case hexadecimal digits: over the record before it, everything in the
    /// record that counts, and the stream it stands in, one line each, UTF-8.
    /// </summary>
    public static string HashOf(Guid epoch, string stream, StreamRecord record)
    {
        string payload = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(record.Payload)));
        string text = string.Create(
            CultureInfo.InvariantCulture,
            $"{record.Previous}\n{epoch}\n{stream}\n{record.Sequence}\n{record.EventId}\n{record.Type}\n{record.Schema}\n{record.At.UtcTicks}\n{record.MonoMs}\n"
            + $"{record.Boot}\n{record.Clock}\n{record.ClockOffsetMs}\n{record.ClockErrorMs}\n{payload}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }
}

/// <summary>How well a device knew the time.</summary>
public enum ClockState
{
    /// <summary>Compared with the hub within the last hour.</summary>
    Synced,

    /// <summary>Compared before; the error has grown since.</summary>
    Estimated,

    /// <summary>Never compared, or set since.</summary>
    Unknown,
}

/// <summary>One record of a stream.</summary>
/// <param name="EventId">UUID version 7.</param>
/// <param name="Type">Says what <paramref name="Payload"/> is: <see cref="RecordTypes"/>.</param>
/// <param name="Schema">Version of the payload, from 1.</param>
/// <param name="At">UTC by the device's own clock, not corrected.</param>
/// <param name="MonoMs">Milliseconds since the machine started, monotonic.</param>
/// <param name="Boot">New at every start of the machine.</param>
/// <param name="ClockOffsetMs">Hub's clock minus the device's, as the device knew it; it is already in the times of the payload. Null: unknown, nothing was added.</param>
/// <param name="ClockErrorMs">How far the offset may be off; null: not known.</param>
/// <param name="Payload">JSON text, hashed byte for byte.</param>
/// <param name="Previous"><see cref="Sha256"/> of the record before it, or <see cref="EvidenceStreams.Genesis"/>.</param>
/// <param name="Sha256">See <see cref="EvidenceStreams.HashOf"/>.</param>
/// <param name="Historical">Sent late: it counts, but says nothing about now. Not hashed.</param>
public sealed record StreamRecord(
    long Sequence, Guid EventId, string Type, int Schema, DateTimeOffset At, long MonoMs, Guid Boot, ClockState Clock, long? ClockOffsetMs, long? ClockErrorMs,
    string Payload, string Previous, string Sha256, bool Historical = false);

/// <summary>Why a device will never send a record.</summary>
public enum DropReason
{
    /// <summary>There was no room left. Never in <see cref="EvidenceStreams.Evidence"/>.</summary>
    Quota,

    /// <summary>The hub refused it for good, several times: the device keeps it aside.</summary>
    DeadLetter,

    /// <summary>Acknowledged once and thrown away since; the hub asks for it again (it was restored from a backup).</summary>
    Expired,
}

/// <summary>Numbers that will never come, <paramref name="From"/> to <paramref name="Through"/>, both inclusive.</summary>
public sealed record DroppedRange(long From, long Through, DropReason Reason);

/// <summary>Body of a PUT.</summary>
/// <param name="SentAt">The device's clock when it wrote the batch, UTC, not corrected.</param>
/// <param name="MonoMs">The same moment, monotonic.</param>
/// <param name="ClockOffsetMs">Hub's clock minus the device's as it is known now.</param>
/// <param name="ClockErrorMs">How far that may be off.</param>
/// <param name="Records">In order of their numbers, up to <see cref="EvidenceStreams.MaxRecords"/>.</param>
public sealed record StreamBatch(
    DateTimeOffset SentAt, long MonoMs, Guid Boot, long? ClockOffsetMs, long? ClockErrorMs, IReadOnlyList<StreamRecord> Records, IReadOnlyList<DroppedRange> Dropped);

/// <summary>Numbers from <paramref name="From"/> to <paramref name="Through"/>, both inclusive.</summary>
public sealed record SequenceRange(long From, long Through);

/// <summary>Why one record was not taken; sending it again as it is will not help.</summary>
public enum RecordRefusal
{
    /// <summary><see cref="StreamRecord.Sha256"/> is not what it must be.</summary>
    BadHash,

    /// <summary>No JSON, too large, a type or number out of range.</summary>
    BadRecord,
}

public sealed record RefusedRecord(long Sequence, RecordRefusal Refusal);

/// <summary>Answer to a PUT, given after the hub's commit.</summary>
/// <param name="Through">Everything up to here is in the hub's hands, or declared dropped; may be lower than before when the hub was restored from a backup.</param>
/// <param name="Missing">Numbers above <paramref name="Through"/> that the hub knows to be missing.</param>
/// <param name="Refused">Not taken, for good. They keep being missing until they are declared dropped.</param>
/// <param name="Conflicts">
/// Set aside: another record stands in their place, or they do not continue the chain. Two devices write in one epoch, or the outbox was
/// put back to an earlier state: the device goes on in a new epoch and hands these in there.
/// </param>
public sealed record StreamAck(
    string Stream, Guid Epoch, long Through, IReadOnlyList<SequenceRange> Missing, IReadOnlyList<RefusedRecord> Refused, IReadOnlyList<long> Conflicts, DateTimeOffset HubTime);

/// <summary>Codes with which a whole batch is refused, beside those of the device API. All but the first are worth another try later.</summary>
public static class StreamErrorCodes
{
    /// <summary>400 or 413: the same bytes will be refused again. The device halves the batch until the culprit stands alone.</summary>
    public const string BadBatch = "badBatch";

    /// <summary>422: the body is not what <see cref="EvidenceStreams.DigestHeader"/> promises.</summary>
    public const string BadDigest = "badDigest";

    /// <summary>503: the hub could not write; the device keeps everything.</summary>
    public const string NotStored = "notStored";
}
