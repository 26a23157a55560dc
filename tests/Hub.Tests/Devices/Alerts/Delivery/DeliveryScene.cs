using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using ThreeClassrooms.Hub.Devices.Alerts;
using ThreeClassrooms.Hub.Devices.Alerts.Delivery;
using ThreeClassrooms.Hub.Devices.Alerts.Delivery.Sending;
using ThreeClassrooms.Hub.Hosting;
using ThreeClassrooms.Hub.Storage;
using ThreeClassrooms.Hub.Tests.Pages;
using ThreeClassrooms.Hub.Tests.Storage;
using ThreeClassrooms.TestKit;
using ThreeClassrooms.TestKit.Time;

namespace ThreeClassrooms.Hub.Tests.Devices.Alerts.Delivery;

/// <summary>Queue, loop and senders over a real database and fake robots; the clock is the test's.</summary>
internal sealed class DeliveryScene : IAsyncDisposable
{
    private readonly IDatabase _database;
    private readonly ServiceProvider _services;
    private readonly TextFixture _texts = new();
    private readonly DeliveryOptions _options;
    private readonly SecretBox _box = new(new EphemeralDataProtectionProvider());
    private RobotSender? _sender;
    private DeliveryLoop? _loop;

    private DeliveryScene(IDatabase database, DeliveryOptions options, ManualTime time)
    {
        (_database, _options, Time) = (database, options, time);
        _services = new ServiceCollection().AddScoped(_ => database.Open()).BuildServiceProvider();
        Scopes = _services.GetRequiredService<IServiceScopeFactory>();
        Store = new DeliveryStore(Scopes);
        Register = new ChannelRegister(Scopes);
        Queue = new NoticeQueue(Register);
    }

    public ManualTime Time { get; }

    public IServiceScopeFactory Scopes { get; }

    public DeliveryStore Store { get; private set; }

    public ChannelRegister Register { get; }

    public NoticeQueue Queue { get; }

    public DeliveryLoop Loop => _loop!;

    /// <summary>The caller disposes it.</summary>
    public static DeliveryScene Over(IDatabase database, DeliveryOptions options, ManualTime time) => new(database, options, time);

    public async Task<Guid> ChannelAsync(ChannelKind kind, string? address = null, string? key = null, Action<AlertChannel>? with = null)
    {
        var row = new AlertChannel
        {
            Id = Guid.CreateVersion7(),
            Name = Guid.NewGuid().ToString("N"),
            Kind = kind,
            MinimumSeverity = AlertSeverity.Information,
            Target = "fake",
            Secrets = _box.Lock(new ChannelSecrets(address, key)),
            CreatedAt = Time.Now,
        };
        with?.Invoke(row);
        await UseAsync(async db =>
        {
            db.Add(row);
            return await db.SaveChangesAsync();
        });
        await Register.ReloadAsync(CancellationToken.None);
        return row.Id;
    }

    /// <summary>As the engine does: the notice and its state are one transaction.</summary>
    public Task<int> AddAsync(AlertNotice notice, params Guid[] channels) => UseAsync(db =>
    {
        Queue.Add(db, notice with { At = Time.Now }, channels);
        return db.SaveChangesAsync();
    });

    public async Task StartAsync()
    {
        var guard = new ConnectGuard(_options);
        _sender = new RobotSender(_options, guard, Time);
        var hub = new HubOptions();
        var courier = new Courier(
            _sender, new MailSender(_options, guard, Time), _box, hub, new CountyTime(hub, Time), Time, _texts.Text, NullLogger<Courier>.Instance);
        _loop = new DeliveryLoop(Store, Register, courier, _options, Time, NullLogger<DeliveryLoop>.Instance);
        await _loop.StartAsync(CancellationToken.None);
    }

    public async Task StopAsync()
    {
        if (_loop is not null)
        {
            await _loop.StopAsync(CancellationToken.None);
            _loop.Dispose();
            _sender!.Dispose();
            _loop = null;
        }
    }

    /// <summary>Waits for something, keeping the loop awake.</summary>
    public Task UntilAsync(Func<bool> condition, string otherwise) => Until.TrueAsync(
        () =>
        {
            _loop?.Wake();
            return condition();
        },
        () => otherwise);

    public List<AlertMessage> Messages(Guid channel)
    {
        using HubDbContext db = _database.Open();
        return [.. db.Set<AlertMessage>().Where(m => m.ChannelId == channel).OrderBy(m => m.Id)];
    }

    public AlertChannelHealth? Health(Guid channel)
    {
        using HubDbContext db = _database.Open();
        return db.Set<AlertChannelHealth>().SingleOrDefault(h => h.ChannelId == channel);
    }

    public async Task<T> UseAsync<T>(Func<HubDbContext, Task<T>> use)
    {
        await using HubDbContext db = _database.Open();
        return await use(db);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _services.DisposeAsync();
        _texts.Dispose();
    }
}
