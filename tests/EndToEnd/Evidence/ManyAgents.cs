using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Agent.Enrolment;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.EndToEnd.Stage;
using ThreeClassrooms.Hub.Devices;
using ThreeClassrooms.Hub.Devices.Inbox;
using ThreeClassrooms.Hub.Schools;
using ThreeClassrooms.Hub.Storage;
using ThreeClassrooms.OutboxProducer;

namespace ThreeClassrooms.EndToEnd.Evidence;

/// <summary>Enrolled agents that only produce evidence, all in one process that can be killed and started again.</summary>
internal sealed class ManyAgents : IDisposable
{
    private readonly HubProcess _hub;
    private readonly string _folder = Repository.NewFolder("outboxes");
    private readonly List<ChildProcess> _lives = [];

    private ManyAgents(HubProcess hub) => _hub = hub;

    /// <summary>What was said to be written down, as "device payload", over all lives.</summary>
    public HashSet<string> Announced => [.. _lives.SelectMany(l => l.Lines).Where(l => l.StartsWith('+')).Select(l => l[1..])];

    public ChildProcess Process => _lives[^1];

    public IEnumerable<string> Data => Directory.GetDirectories(_folder).Order(StringComparer.Ordinal);

    public static async Task<ManyAgents> EnrolAsync(HubProcess hub, int count)
    {
        var agents = new ManyAgents(hub);
        await using HubDbContext db = new CountyDesk(hub).Open();
        Guid room = await db.Set<Classroom>().Select(r => r.Id).FirstAsync();
        for (int i = 0; i < count; i++)
        {
            (string id, string secret) = (DeviceSecret.NewDeviceId(), DeviceSecret.New());
            db.Add(new Device { Id = id, ClassroomId = room, Role = DeviceRole.Receiving, SecretHash = DeviceSecret.Hash(secret), EnrolledAt = DateTimeOffset.UtcNow });
            var identity = new Identity(hub.Address, id, secret, DeviceRole.Receiving, "", "", null, DateTimeOffset.UtcNow);
            new IdentityStore(Directory.CreateDirectory(Path.Combine(agents._folder, id)).FullName).Save(identity);
        }

        await db.SaveChangesAsync();
        return agents;
    }

    /// <param name="before">What the program runs under; null: nothing.</param>
    public void Start(int pauseMs, KillPoint point = KillPoint.None, IReadOnlyList<string>? before = null)
    {
        string[] run = [.. before ?? [], "dotnet", Repository.OutboxProducer, _hub.Address.ToString(), _folder, $"{pauseMs}", $"{point}"];
        _lives.Add(ChildProcess.Start(run[0], run[1..]));
    }

    /// <summary>Hands in everything that is left.</summary>
    public async Task DrainAsync(TimeSpan within)
    {
        _lives.Add(ChildProcess.Start("dotnet", [Repository.OutboxProducer, _hub.Address.ToString(), _folder, "drain"]));
        await Process.ExitAsync(within);
        Assert.True(Process.ExitCode == 0, Process.Tail());
    }

    /// <summary>What the agents' own files hold, as "device payload".</summary>
    public List<string> Written()
    {
        List<string> found = [];
        foreach (string data in Data)
        {
            using var connection = new SqliteConnection($"Data Source={Path.Combine(data, "outbox", "outbox.db")};Pooling=false");
            connection.Open();
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = "SELECT payload FROM records WHERE type = 'probe'";
            using SqliteDataReader reader = command.ExecuteReader();
            while (reader.Read())
            {
                found.Add($"{Path.GetFileName(data)} {JsonSerializer.Deserialize<string>(reader.GetString(0))}");
            }
        }

        return found;
    }

    /// <summary>What the hub has, as "device payload", in the order of device and number; fails when a chain does not hold.</summary>
    public async Task<List<string>> ReceivedAsync()
    {
        await using HubDbContext db = new CountyDesk(_hub).Open();
        List<InboxRecord> records = await db.Set<InboxRecord>().AsNoTracking().Where(r => r.Type == "probe").ToListAsync();
        Assert.False(await db.Set<InboxConflict>().AnyAsync());
        Assert.False(await db.Set<InboxGap>().AnyAsync());
        foreach (var chain in records.GroupBy(r => (r.DeviceId, r.Epoch, r.Stream)))
        {
            InboxRecord[] links = [.. chain.OrderBy(r => r.Sequence)];
            Assert.Equal(Enumerable.Range(1, links.Length).Select(n => (long)n), links.Select(r => r.Sequence));
            Assert.Equal(links.SkipLast(1).Select(r => r.Sha256).Prepend(EvidenceStreams.Genesis), links.Select(r => r.Previous));
        }

        return [.. records.OrderBy(r => r.DeviceId, StringComparer.Ordinal).ThenBy(r => r.Sequence).Select(r => $"{r.DeviceId} {JsonSerializer.Deserialize<string>(r.Payload)}")];
    }

    public void Dispose()
    {
        _lives.ForEach(l => l.Dispose());
        Directory.Delete(_folder, recursive: true);
    }
}
