using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Outbox;

/// <summary>How much waits for the hub.</summary>
/// <param name="Unsent">Records not yet acknowledged, those in memory included.</param>
/// <param name="Oldest">When the oldest of them was written, by the device's clock; null: there is none.</param>
/// <param name="InMemory">Of them, those that the disk has not taken yet.</param>
internal readonly record struct OutboxBacklog(long Unsent, DateTimeOffset? Oldest, int InMemory);

/// <summary>
/// Everything that the device has to tell the hub sooner or later: written down before it is sent, kept until the hub has it and a week
/// longer. Safe to call from anywhere; nothing here throws for a bad disk.
/// </summary>
internal sealed partial class OutboxStore : IDisposable
{
    /// <summary>Evidence that waits in memory for a disk: a day of one lesson's reports.</summary>
    private const int MostWaiting = 20_000;

    private readonly Lock _gate = new();
    private readonly string _folder;
    private readonly OutboxOptions _options;
    private readonly DeviceClock _clock;
    private readonly ILogger _log;
    private readonly Queue<Entry> _waiting = new();
    private readonly HashSet<(Guid, string)> _asked = [];
    private readonly Dictionary<string, GapRecord> _unwritten = [];
    private OutboxFile? _file;
    private Guid? _epoch;
    private bool _setAside;
    private OutboxLevel _level;
    private long _lost;
    private bool _troubled;

    /// <summary>What is to be written: a record, and a change of state that goes with it.</summary>
    private sealed record Entry(string Stream, string Type, string Payload, Stamp Stamp, string? Key, string? Value);

    /// <param name="data">The agent's data folder; the outbox is <c>outbox/outbox.db</c> in it, opened at the first use.</param>
    public OutboxStore(string data, OutboxOptions options, DeviceClock clock, ILogger log)
        => (_folder, _options, _clock, _log) = (Path.Combine(data, "outbox"), options, clock, log);

    /// <summary>A fault came (true) or went (false): <see cref="FaultKind.OutboxDamaged"/>, <see cref="FaultKind.IdentityClash"/>, <see cref="FaultKind.DiskNearlyFull"/>. Raised under a lock: hand it on, do nothing long.</summary>
    public event Action<FaultKind, bool>? Fault;

    /// <summary>Something is there to be sent.</summary>
    public event Action? Appended;

    private string Database => Path.Combine(_folder, "outbox.db");

    /// <summary>Of the records that are written now; known while the file is open.</summary>
    private Guid Epoch => _epoch ?? throw new InvalidOperationException("The outbox is not open.");

    private string Reserve => Path.Combine(_folder, "reserve");

    /// <summary>Writes a record down; it is on the disk when this returns, unless the disk does not take it (then evidence waits in memory).</summary>
    /// <param name="payload">Serialised as JSON.</param>
    /// <param name="key">A value of the agent's own state that changes in the same commit; null: none.</param>
    /// <param name="value">Null: the key is forgotten.</param>
    public void Append<T>(string stream, string type, T payload, string? key = null, string? value = null)
    {
        var entry = new Entry(stream, type, JsonSerializer.Serialize(payload, Wire.Json), _clock.Now(), key, value);
        lock (_gate)
        {
            if (_waiting.Count > 0 || !TryNeedsLock(() => WriteNeedsLock(entry)))
            {
                WaitNeedsLock(entry);
            }
        }

        Appended?.Invoke();
    }

    /// <summary>The value that was last written with a record.</summary>
    public string? State(string key)
    {
        lock (_gate)
        {
            if (_waiting.LastOrDefault(e => e.Key == key) is { } waiting)
            {
                return waiting.Value;
            }

            string? value = null;
            TryNeedsLock(() => value = _file!.Text("SELECT value FROM state WHERE key = $0", key));
            return value;
        }
    }

    public OutboxBacklog Backlog()
    {
        lock (_gate)
        {
            (long unsent, long at) = (0, 0);
            TryNeedsLock(() =>
            {
                const string Waiting = " FROM records r JOIN streams s ON s.epoch = r.epoch AND s.stream = r.stream WHERE r.seq > s.acked";
                unsent = _file!.Number("SELECT count(*)" + Waiting);
                at = _file.Number("SELECT min(r.at)" + Waiting);
            });
            DateTimeOffset? oldest = unsent > 0 ? new DateTimeOffset(at, TimeSpan.Zero) : _waiting.TryPeek(out Entry? first) ? first.Stamp.At : null;
            return new OutboxBacklog(unsent + _waiting.Count, oldest, _waiting.Count);
        }
    }

    /// <summary>Call every few seconds: writes what waits, throws away what the hub has had for long enough.</summary>
    public void Tend()
    {
        lock (_gate)
        {
            FlushNeedsLock();
            if (_waiting.Count == 0)
            {
                TryNeedsLock(ExpireNeedsLock);
                KeepReserveNeedsLock();
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _file?.Dispose();
            _file = null;
        }
    }

    private void WaitNeedsLock(Entry entry)
    {
        if (entry.Stream == EvidenceStreams.Evidence || entry.Key is not null)
        {
            if (_waiting.Count == MostWaiting)
            {
                _waiting.Dequeue();
                _lost++;
                _log.Lost(_lost);
            }

            _waiting.Enqueue(entry);
        }
        else
        {
            _unwritten[entry.Stream] = Count(_unwritten.GetValueOrDefault(entry.Stream), entry.Stamp.At);
        }
    }

    private void FlushNeedsLock()
    {
        int written = 0;
        while (_waiting.TryPeek(out Entry? entry) && TryNeedsLock(() => WriteNeedsLock(entry)))
        {
            _waiting.Dequeue();
            written++;
        }

        if (written > 0)
        {
            _log.WritesAgain(written);
        }
    }

    private void WriteNeedsLock(Entry entry)
    {
        OutboxLevel level = LevelNeedsLock();
        if (level == OutboxLevel.Full)
        {
            MakeRoomNeedsLock();
            level = LevelNeedsLock();
        }

        _file!.InOneCommit(() =>
        {
            foreach ((string stream, GapRecord gap) in _unwritten)
            {
                SuppressNeedsLock(stream, gap);
            }

            if (OutboxQuota.MayAppend(entry.Stream, level))
            {
                DeclareSuppressedNeedsLock(entry.Stream);
                InsertNeedsLock(entry);
            }
            else
            {
                SuppressNeedsLock(entry.Stream, new GapRecord(1, entry.Stamp.At, entry.Stamp.At));
            }

            if (entry.Key is not null)
            {
                _file.Run(
                    entry.Value is null ? "DELETE FROM state WHERE key = $0" : "INSERT INTO state VALUES ($0, $1) ON CONFLICT DO UPDATE SET value = excluded.value",
                    entry.Value is null ? [entry.Key] : [entry.Key, entry.Value]);
            }
        });
        _unwritten.Clear();
    }

    private void InsertNeedsLock(Entry entry)
    {
        var before = _file!.List(
            "SELECT last, hash FROM streams WHERE epoch = $0 AND stream = $1", r => (Last: r.GetInt64(0), Hash: r.GetString(1)), Epoch, entry.Stream);
        (long last, string previous) = before.Count > 0 ? before[0] : (0, EvidenceStreams.Genesis);
        Stamp stamp = entry.Stamp;
        var record = new StreamRecord(
            last + 1, Guid.CreateVersion7(), entry.Type, 1, stamp.At, stamp.MonoMs, stamp.Boot, stamp.Clock, stamp.OffsetMs, stamp.ErrorMs, entry.Payload, previous, "");
        string hash = EvidenceStreams.HashOf(Epoch, entry.Stream, record);
        _file.Run(
            """
            INSERT INTO records (epoch, stream, seq, event, type, schema, at, mono, boot, clock, "offset", error, payload, previous, hash)
            VALUES ($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
            """,
            Epoch, entry.Stream, record.Sequence, record.EventId, record.Type, record.Schema, record.At.UtcTicks, record.MonoMs, record.Boot, (int)record.Clock,
            record.ClockOffsetMs, record.ClockErrorMs, record.Payload, record.Previous, hash);
        _file.Run(
            "INSERT INTO streams VALUES ($0, $1, $2, $3, 0) ON CONFLICT DO UPDATE SET last = excluded.last, hash = excluded.hash",
            Epoch, entry.Stream, record.Sequence, hash);
    }

    /// <returns>False: the disk did not let us; the file may have been set aside meanwhile.</returns>
    private bool TryNeedsLock(Action work)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                OpenNeedsLock();
                work();
                if (_troubled)
                {
                    _troubled = false;
                    Fault?.Invoke(FaultKind.DiskNearlyFull, false);
                }

                return true;
            }
            catch (Exception fault) when (fault is SqliteException or IOException or UnauthorizedAccessException)
            {
                _epoch = null; // it may have been changed in the commit that failed
                if (attempt <= 2 && fault is SqliteException inFile
                    && (OutboxFile.IsDamage(inFile) ? SetAsideNeedsLock(fault.Message) : OutboxFile.IsFull(inFile) && RelieveNeedsLock()))
                {
                    continue;
                }

                if (!_troubled)
                {
                    _troubled = true;
                    _log.CannotWrite(fault.Message);
                    Fault?.Invoke(FaultKind.DiskNearlyFull, true);
                }

                return false;
            }
        }
    }

    private void OpenNeedsLock()
    {
        if (_file is null)
        {
            AtomicFile.MakeFolder(_folder);
            _file = OutboxFile.Open(Database);
            KeepReserveNeedsLock();
        }

        if (_epoch is null)
        {
            string? epoch = _file.Text("SELECT id FROM epochs ORDER BY number DESC LIMIT 1");
            _epoch = epoch is null ? Guid.NewGuid() : Guid.Parse(epoch);
            if (epoch is null)
            {
                _file.Run("INSERT INTO epochs (id) VALUES ($0)", _epoch);
            }
        }

        if (_setAside)
        {
            _file.InOneCommit(() => InsertNeedsLock(new Entry(EvidenceStreams.State, RecordTypes.OutboxDamaged, "{}", _clock.Now(), null, null)));
            _setAside = false;
            Fault?.Invoke(FaultKind.OutboxDamaged, true);
        }
    }
}
