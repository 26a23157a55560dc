using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using ThreeClassrooms.Agent.Outbox;
using ThreeClassrooms.Agent.Tests.Enrolment;
using ThreeClassrooms.Agent.Timetable;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.TestKit.Time;

namespace ThreeClassrooms.Agent.Tests.Outbox;

/// <summary>An outbox in a folder of its own and a hub's inbox beside it; what goes between them is up to the test.</summary>
internal sealed class OutboxScene : IDisposable
{
    private readonly TemporaryFolder? _folder;
    private readonly OutboxOptions _options;

    public OutboxScene(OutboxOptions? options = null, string? data = null)
    {
        _folder = data is null ? new TemporaryFolder() : null;
        (Data, _options) = (data ?? _folder!.Path, options ?? new OutboxOptions());
        HubClock = new HubClock(Time);
        HubClock.OnSample(Time.GetUtcNow(), TimeSpan.Zero);
        Clock = new DeviceClock(HubClock, Time);
        Store = Open();
    }

    public string Data { get; }

    public string Database => Path.Combine(Data, "outbox", "outbox.db");

    public ManualTime Time { get; } = new();

    public HubClock HubClock { get; }

    public DeviceClock Clock { get; }

    public OutboxStore Store { get; private set; }

    public FakeInbox Hub { get; set; } = new();

    public List<(FaultKind Kind, bool Raised)> Faults { get; } = [];

    public void Evidence(object payload) => Store.Append(EvidenceStreams.Evidence, "probe", payload);

    public void Metrics(object payload) => Store.Append(EvidenceStreams.Metrics, "reading", payload);

    /// <summary>As after a crash: nothing is handed over but the files.</summary>
    public void StartAgain()
    {
        Store.Dispose();
        Store = Open();
    }

    /// <summary>Hands in everything there is, batch by batch.</summary>
    /// <param name="lose">Decides for each answer whether it gets lost.</param>
    public void HandIn(Func<bool>? lose = null, int limit = 50)
    {
        for (int i = 0; i < 500 && SendPlan.Next(Store.Streams()) is { } next; i++)
        {
            (_, StreamBatch batch) = Store.Batch(next, limit)!.Value;
            StreamAck ack = Hub.Take(next.Epoch, next.Stream, batch);
            if (lose?.Invoke() != true)
            {
                Store.OnAck(next, ack);
            }
        }
    }

    /// <summary>Looks into the file beside the store.</summary>
    public long Count(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Database};Pooling=false;Mode=ReadOnly");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }

    public void Dispose()
    {
        Store.Dispose();
        _folder?.Dispose();
    }

    private OutboxStore Open()
    {
        var store = new OutboxStore(Data, _options, Clock, NullLogger.Instance);
        store.Fault += (kind, raised) => Faults.Add((kind, raised));
        return store;
    }
}
