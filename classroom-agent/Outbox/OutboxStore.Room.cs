using System.Globalization;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Outbox;

/// <content>What happens when there is no room, or no good file.</content>
internal sealed partial class OutboxStore
{
    private const int ReserveBytes = 256 << 10;
    private const int SetAsideKept = 3;
    private const string Suppressed = "suppressed.";

    /// <summary>Records go in pieces of this many, so that one commit needs little room itself.</summary>
    private const int Piece = 100;

    private long Quota => _options.QuotaMb * 1024L * 1024L;

    private OutboxLevel LevelNeedsLock()
    {
        long used = _file!.UsedBytes();
        OutboxLevel level = OutboxQuota.Level(used, Quota);
        if (level != _level)
        {
            _level = level;
            _log.LevelChanged(level, used, Quota);
        }

        return level;
    }

    private static GapRecord Count(GapRecord? before, DateTimeOffset at) => before is null ? new GapRecord(1, at, at) : before with { Count = before.Count + 1, To = at };

    /// <summary>Counts records that are not written, durably and without taking more room.</summary>
    private void SuppressNeedsLock(string stream, GapRecord more)
    {
        GapRecord gap = SuppressedNeedsLock(stream) is { } before ? before with { Count = before.Count + more.Count, To = more.To } : more;
        _file!.Run("INSERT INTO meta VALUES ($0, $1) ON CONFLICT DO UPDATE SET value = excluded.value", Suppressed + stream, JsonSerializer.Serialize(gap, Wire.Json));
    }

    /// <summary>There is room again: the first thing written is how much was not.</summary>
    private void DeclareSuppressedNeedsLock(string stream)
    {
        if (SuppressedNeedsLock(stream) is { } gap)
        {
            InsertNeedsLock(new Entry(stream, RecordTypes.Gap, JsonSerializer.Serialize(gap, Wire.Json), _clock.Now(), null, null));
            _file!.Run("DELETE FROM meta WHERE key = $0", Suppressed + stream);
        }
    }

    private GapRecord? SuppressedNeedsLock(string stream) =>
        _file!.Text("SELECT value FROM meta WHERE key = $0", Suppressed + stream) is { } text ? JsonSerializer.Deserialize<GapRecord>(text, Wire.Json) : null;

    /// <summary>First goes what the hub has, the oldest first; then readings, then states. Never evidence that the hub does not have.</summary>
    private void MakeRoomNeedsLock()
    {
        while (OutboxQuota.Level(_file!.UsedBytes(), Quota) == OutboxLevel.Full && GiveWayNeedsLock())
        {
        }
    }

    /// <summary>The disk is full: what was reserved for this moment lets the less important make room.</summary>
    /// <returns>True: another try may go better.</returns>
    private bool RelieveNeedsLock()
    {
        try
        {
            if (!File.Exists(Reserve))
            {
                return false;
            }

            File.Delete(Reserve);
            if (_file is not null)
            {
                GiveWayNeedsLock();
            }

            return true;
        }
        catch (Exception fault) when (fault is SqliteException or IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <returns>False: nothing is left that may go.</returns>
    private bool GiveWayNeedsLock()
    {
        bool gone = false;
        _file!.InOneCommit(() =>
        {
            gone = _file.Run(
                """
                DELETE FROM records WHERE (epoch, stream, seq) IN (
                    SELECT r.epoch, r.stream, r.seq FROM records r JOIN streams s ON s.epoch = r.epoch AND s.stream = r.stream
                    WHERE r.seq <= s.acked ORDER BY r.at LIMIT $0)
                """,
                Piece) > 0 || DropNeedsLock(EvidenceStreams.Metrics) || DropNeedsLock(EvidenceStreams.State);
        });
        return gone;
    }

    private bool DropNeedsLock(string stream)
    {
        var oldest = _file!.List(
            """
            SELECT r.epoch, r.seq FROM records r JOIN streams s ON s.epoch = r.epoch AND s.stream = r.stream JOIN epochs e ON e.id = r.epoch
            WHERE r.stream = $0 AND r.seq > s.acked ORDER BY e.number, r.seq LIMIT $1
            """,
            r => (Epoch: r.GetString(0), Sequence: r.GetInt64(1)), stream, Piece);
        if (oldest.Count == 0)
        {
            return false;
        }

        foreach (var run in oldest.GroupBy(r => r.Epoch))
        {
            (long first, long through) = (run.Min(r => r.Sequence), run.Max(r => r.Sequence));
            _file.Run("DELETE FROM records WHERE epoch = $0 AND stream = $1 AND seq BETWEEN $2 AND $3", run.Key, stream, first, through);
            AddGapNeedsLock(run.Key, stream, first, through, DropReason.Quota);
        }

        _log.GaveWay(stream, oldest.Count);
        return true;
    }

    private void AddGapNeedsLock(string epoch, string stream, long first, long through, DropReason reason) =>
        _file!.Run("INSERT INTO gaps VALUES ($0, $1, $2, $3, $4) ON CONFLICT DO NOTHING", epoch, stream, first, through, (int)reason);

    /// <summary>Throws away what was acknowledged longer ago than it must be kept, by the hub's time; while that is not known nothing is too old.</summary>
    private void ExpireNeedsLock()
    {
        if (_clock.Now() is not { ErrorMs: not null, OffsetMs: { } offset, At: var at })
        {
            return;
        }

        DateTimeOffset now = at.AddMilliseconds(offset);
        _file!.Run(
            """
            INSERT INTO acks SELECT s.epoch, s.stream, $0, s.acked FROM streams s
            LEFT JOIN (SELECT epoch, stream, max(at) AS at, max(through) AS through FROM acks GROUP BY epoch, stream) a ON a.epoch = s.epoch AND a.stream = s.stream
            WHERE s.acked > coalesce(a.through, 0) AND coalesce(a.at, 0) <= $1 ON CONFLICT DO NOTHING
            """,
            now.UtcTicks, (now - AckEvery).UtcTicks);
        long before = now.AddDays(-_options.KeepDays).UtcTicks;
        var old = _file.List(
            "SELECT epoch, stream, max(through) FROM acks WHERE at <= $0 GROUP BY epoch, stream", r => (Epoch: r.GetString(0), Stream: r.GetString(1), Through: r.GetInt64(2)), before);
        if (old.Count == 0)
        {
            return;
        }

        _file.InOneCommit(() =>
        {
            foreach ((string epoch, string stream, long through) in old)
            {
                _file.Run("DELETE FROM records WHERE epoch = $0 AND stream = $1 AND seq <= $2", epoch, stream, through);
                _file.Run("DELETE FROM gaps WHERE epoch = $0 AND stream = $1 AND through <= $2", epoch, stream, through);
                _file.Run("DELETE FROM acks WHERE epoch = $0 AND stream = $1 AND at <= $2", epoch, stream, before);
            }
        });
    }

    /// <summary>A file that does nothing but take room, until the disk is full and room is all we want.</summary>
    private void KeepReserveNeedsLock()
    {
        try
        {
            if (!File.Exists(Reserve) && new DriveInfo(_folder).AvailableFreeSpace > 4 * ReserveBytes)
            {
                File.WriteAllBytes(Reserve, new byte[ReserveBytes]);
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // A half-written one serves as well; none at all is no worse than before.
        }
    }

    /// <summary>Moves a damaged file out of the way, for somebody to look at, and begins anew: recording what happens goes on.</summary>
    /// <returns>False: the disk does not even let us do that.</returns>
    private bool SetAsideNeedsLock(string reason)
    {
        _file?.Dispose();
        _file = null;
        try
        {
            Move(reason);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return false;
        }

        _asked.Clear();
        _setAside = true;
        return true;
    }

    private void Move(string reason)
    {
        string aside = Path.Combine(_folder, "damaged", _clock.Now().At.ToString("yyyyMMdd'T'HHmmssfff", CultureInfo.InvariantCulture));
        AtomicFile.MakeFolder(aside);
        foreach (string part in new[] { "", "-wal", "-shm" })
        {
            if (File.Exists(Database + part))
            {
                File.Move(Database + part, Path.Combine(aside, "outbox.db" + part), overwrite: true);
            }
        }

        foreach (string old in Directory.GetDirectories(Path.Combine(_folder, "damaged")).Order(StringComparer.Ordinal).SkipLast(SetAsideKept))
        {
            Directory.Delete(old, recursive: true);
        }

        _log.Damaged(reason, aside);
    }
}
