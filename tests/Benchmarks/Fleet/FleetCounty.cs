using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Agent.Enrolment;
using ThreeClassrooms.Agent.Simulation;
using ThreeClassrooms.Agent.Telemetry;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Devices;
using ThreeClassrooms.Hub.Devices.Broker;
using ThreeClassrooms.Hub.Devices.Health;
using ThreeClassrooms.Hub.Schools;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Benchmarks.Fleet;

/// <summary>A made-up county with as many rooms as wanted, and devices that are enrolled in them beforehand.</summary>
internal static class FleetCounty
{
    public const string Login = "fleet";
    public const string Password = "Qingchuan2026";

    private const int RoomsPerSchool = 5;

    private static readonly string[] Towns = ["城关镇", "白杨镇", "沙河乡", "石门镇", "柳树乡", "清泉镇", "红山乡", "黑河镇"];

    /// <returns>A county file (see the hub's <c>seed</c>).</returns>
    public static string Text(int rooms) => JsonSerializer.Serialize(new
    {
        county = "清川县",
        schools = Enumerable.Range(0, (rooms + RoomsPerSchool - 1) / RoomsPerSchool).Select(school => new
        {
            name = string.Create(CultureInfo.InvariantCulture, $"{Towns[school % Towns.Length]}第{school + 1}小学"),
            kind = "receiving",
            town = Towns[school % Towns.Length],
            bells = new[] { new { stage = "primary", minutes = 40, starts = new[] { "08:30:00", "09:20:00", "10:20:00", "14:20:00" } } },
            rooms = Enumerable.Range(1, Math.Min(RoomsPerSchool, rooms - (school * RoomsPerSchool)))
                .Select(room => new { name = string.Create(CultureInfo.InvariantCulture, $"{room}号教室"), equipment = "receiving" }),
        }),
        accounts = new[] { new { login = Login, name = "王秀兰", role = "CountyStaff", password = Password } },
    });

    /// <summary>Enrols one device per room as the hub would have, in its database and in the simulator's folder.</summary>
    /// <param name="certificate">The broker's own, PEM.</param>
    public static async Task EnrolAsync(string database, string folder, Uri hub, int brokerPort, string certificate)
    {
        await using SqliteHubDbContext db = Open(database);
        List<Guid> rooms = await db.Set<Classroom>().OrderBy(r => r.Id).Select(r => r.Id).ToListAsync();
        var fleet = new FleetFolder(folder);
        for (int i = 0; i < rooms.Count; i++)
        {
            (string id, string secret, string password) = (DeviceSecret.NewDeviceId(), DeviceSecret.New(), DeviceSecret.New());
            PasswordHash hash = BrokerPassword.Hash(password);
            DateTimeOffset now = DateTimeOffset.UtcNow;
            db.Add(new Device { Id = id, ClassroomId = rooms[i], Role = DeviceRole.Receiving, SecretHash = DeviceSecret.Hash(secret), MachineName = $"simulated-{i + 1:0000}", EnrolledAt = now });
            db.Add(new BrokerUser { DeviceId = id, Salt = hash.Salt, Hash = hash.Hash, ChangedAt = now });
            string data = fleet.Of(i + 1);
            new IdentityStore(data).Save(new Identity(hub, id, secret, DeviceRole.Receiving, "", "", null, now));
            new MqttIdentityStore(data).TrySave(MqttIdentity.Of(new DeviceMqtt(null, brokerPort, password, certificate, CertificateIsPin: true)));
        }

        await db.SaveChangesAsync();
    }

    /// <summary>Minute readings that the hub has written down.</summary>
    public static async Task<int> ReportsAsync(string database)
    {
        await using SqliteHubDbContext db = Open(database);
        return await db.Set<DeviceMinute>().CountAsync();
    }

    private static SqliteHubDbContext Open(string database) => new(
        (DbContextOptions<SqliteHubDbContext>)new DbContextOptionsBuilder<SqliteHubDbContext>().UseHubSqlite(database, TimeSpan.FromSeconds(10)).Options);
}
