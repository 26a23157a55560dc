using System.Text;
using Microsoft.Data.Sqlite;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Outbox;

/// <content>What is sent, and what the hub's answers mean.</content>
internal sealed partial class OutboxStore
{
    /// <summary>A record refused for good so often is kept aside, so that the others get through.</summary>
    public const int RefusalsBeforeDeadLetter = 3;

    /// <summary>What JSON adds to a record's payload, at most, besides escaping it.</summary>
    private const int RecordOverhead = 800;

    private static readonly TimeSpan Late = TimeSpan.FromSeconds(15);

    /// <summary>One line of this table says when the hub had how much; one an hour is enough to keep records by days.</summary>
    private static readonly TimeSpan AckEvery = TimeSpan.FromHours(1);

    public IReadOnlyList<StreamStatus> Streams()
    {
        lock (_gate)
        {
            IReadOnlyList<StreamStatus> found = [];
            TryNeedsLock(() => found = _file!.List(
                "SELECT s.epoch, s.stream, s.last, s.acked FROM streams s JOIN epochs e ON e.id = s.epoch ORDER BY e.number", r =>
                {
                    (Guid epoch, string stream) = (Guid.Parse(r.GetString(0)), r.GetString(1));
                    return new StreamStatus(epoch, stream, r.GetInt64(2), r.GetInt64(3), _asked.Contains((epoch, stream)));
                }));
            return found;
        }
    }

    /// <summary>The connection to the hub came up, perhaps to a hub that forgot something: ask it for every stream how far it is.</summary>
    public void AskAll()
    {
        lock (_gate)
        {
            _asked.Clear();
        }
    }

    /// <returns>The next records of a stream, empty when it has none, and the number of the first; null: the disk does not let us.</returns>
    public (long From, StreamBatch Batch)? Batch(StreamStatus status, int limit)
    {
        lock (_gate)
        {
            Stamp now = _clock.Now();
            (long, StreamBatch)? made = null;
            TryNeedsLock(() =>
            {
                List<StreamRecord> records = [];
                long room = EvidenceStreams.MaxBatchBytes * 3 / 4;
                foreach (StreamRecord record in ReadNeedsLock(status.Epoch, status.Stream, status.Acked, limit, now))
                {
                    room -= RecordOverhead + (Encoding.UTF8.GetByteCount(record.Payload) * 2);
                    if (room < 0 && records.Count > 0)
                    {
                        break;
                    }

                    records.Add(record);
                }

                List<DroppedRange> dropped = _file!.List(
                    "SELECT first, through, reason FROM gaps WHERE epoch = $0 AND stream = $1 AND through > $2 ORDER BY first LIMIT $3",
                    r => new DroppedRange(r.GetInt64(0), r.GetInt64(1), (DropReason)r.GetInt32(2)), status.Epoch, status.Stream, status.Acked, EvidenceStreams.MaxRecords);
                made = (
                    records.Count > 0 ? records[0].Sequence : status.Acked + 1,
                    new StreamBatch(now.At, now.MonoMs, now.Boot, now.OffsetMs, now.ErrorMs, records, dropped));
            });
            return made;
        }
    }

    /// <returns>True: the hub has more than before, or something else will be sent next.</returns>
    public bool OnAck(StreamStatus status, StreamAck ack)
    {
        lock (_gate)
        {
            bool progress = false;
            TryNeedsLock(() => _file!.InOneCommit(() => progress = OnAckNeedsLock(status, ack)));
            if (progress || ack.Refused.Count == 0)
            {
                _asked.Add((status.Epoch, status.Stream));
            }

            return progress;
        }
    }

    /// <summary>The hub cannot read a batch of this one record: it counts as refused.</summary>
    public void OnBadRecord(StreamStatus status, long sequence)
    {
        lock (_gate)
        {
            TryNeedsLock(() => _file!.InOneCommit(() => RefusedNeedsLock(status, sequence, StreamErrorCodes.BadBatch)));
        }
    }

    private bool OnAckNeedsLock(StreamStatus status, StreamAck ack)
    {
        (string epoch, string stream) = (status.Epoch.ToString(), status.Stream);
        long last = _file!.Number("SELECT last FROM streams WHERE epoch = $0 AND stream = $1", epoch, stream);
        if (ack.Conflicts.Count > 0 || ack.Through > last)
        {
            BeginEpochNeedsLock(status, ack.Conflicts.Count > 0 ? ack.Conflicts.Min() : last + 1);
            return true;
        }

        if (ack.Through < status.Acked)
        {
            // A hub restored from a backup: what we still have goes again, what we have not is gone.
            _file.Run("DELETE FROM acks WHERE epoch = $0 AND stream = $1 AND through > $2", epoch, stream, ack.Through);
            long first = _file.Number("SELECT min(seq) FROM records WHERE epoch = $0 AND stream = $1 AND seq > $2", epoch, stream, ack.Through);
            long expired = (first == 0 ? status.Acked + 1 : first) - 1;
            if (expired > ack.Through)
            {
                AddGapNeedsLock(epoch, stream, ack.Through + 1, expired, DropReason.Expired);
            }
        }

        _file.Run("UPDATE streams SET acked = $2 WHERE epoch = $0 AND stream = $1", epoch, stream, ack.Through);
        bool aside = false;
        foreach (RefusedRecord refused in ack.Refused)
        {
            aside |= RefusedNeedsLock(status, refused.Sequence, refused.Refusal.ToString());
        }

        return aside || ack.Through != status.Acked;
    }

    /// <returns>True: it was kept aside.</returns>
    private bool RefusedNeedsLock(StreamStatus status, long sequence, string code)
    {
        (string epoch, string stream) = (status.Epoch.ToString(), status.Stream);
        _file!.Run("UPDATE records SET refusals = refusals + 1 WHERE epoch = $0 AND stream = $1 AND seq = $2", epoch, stream, sequence);
        var record = _file.List(
            "SELECT refusals, type FROM records WHERE epoch = $0 AND stream = $1 AND seq = $2", r => (Times: r.GetInt64(0), Type: r.GetString(1)), epoch, stream, sequence);
        if (record.Count == 0 || record[0].Times < RefusalsBeforeDeadLetter)
        {
            return false;
        }

        _file.Run(
            """
            INSERT INTO dead_letters SELECT epoch, stream, seq, event, type, at, payload, $3 FROM records WHERE epoch = $0 AND stream = $1 AND seq = $2
            ON CONFLICT DO NOTHING
            """,
            epoch, stream, sequence, code);
        _file.Run("DELETE FROM records WHERE epoch = $0 AND stream = $1 AND seq = $2", epoch, stream, sequence);
        AddGapNeedsLock(epoch, stream, sequence, sequence, DropReason.DeadLetter);
        _log.DeadLetter(stream, sequence, record[0].Type, record[0].Times, code);
        return true;
    }

    /// <summary>Somebody else wrote in our epoch: it is left to them from <paramref name="from"/> on, and what we had there begins a new one.</summary>
    private void BeginEpochNeedsLock(StreamStatus status, long from)
    {
        List<Entry> moved =
        [
            .. ReadNeedsLock(status.Epoch, status.Stream, from - 1, int.MaxValue, default).Select(r => new Entry(
                status.Stream, r.Type, r.Payload, new Stamp(r.At, r.MonoMs, r.Boot, r.Clock, r.ClockOffsetMs, r.ClockErrorMs), null, null)),
        ];
        _file!.Run("DELETE FROM records WHERE epoch = $0 AND stream = $1 AND seq >= $2", status.Epoch, status.Stream, from);
        _file.Run("UPDATE streams SET acked = last WHERE epoch = $0 AND stream = $1", status.Epoch, status.Stream);
        _asked.Add((status.Epoch, status.Stream));
        if (status.Epoch == _epoch)
        {
            _epoch = Guid.NewGuid();
            _file.Run("INSERT INTO epochs (id) VALUES ($0)", _epoch);
        }

        foreach (Entry entry in moved)
        {
            InsertNeedsLock(entry);
        }

        _log.NewEpoch(status.Stream, status.Epoch, moved.Count);
        Fault?.Invoke(FaultKind.IdentityClash, true);
    }

    private List<StreamRecord> ReadNeedsLock(Guid epoch, string stream, long after, int limit, Stamp now) => _file!.List(
        """
        SELECT seq, event, type, schema, at, mono, boot, clock, "offset", error, payload, previous, hash FROM records
        WHERE epoch = $0 AND stream = $1 AND seq > $2 ORDER BY seq LIMIT $3
        """,
        r => Record(r, now), epoch, stream, after, limit);

    private static StreamRecord Record(SqliteDataReader row, Stamp now)
    {
        (long mono, var boot) = (row.GetInt64(5), Guid.Parse(row.GetString(6)));
        return new StreamRecord(
            row.GetInt64(0), Guid.Parse(row.GetString(1)), row.GetString(2), row.GetInt32(3), new DateTimeOffset(row.GetInt64(4), TimeSpan.Zero), mono, boot, (ClockState)row.GetInt32(7),
            row.IsDBNull(8) ? null : row.GetInt64(8), row.IsDBNull(9) ? null : row.GetInt64(9), row.GetString(10), row.GetString(11), row.GetString(12),
            boot != now.Boot || now.MonoMs - mono > (long)Late.TotalMilliseconds);
    }
}
