using Microsoft.AspNetCore.SignalR;
using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Credit;
using ThreeClassrooms.Hub.Devices.Broker;
using ThreeClassrooms.Hub.Devices.Fleet;
using ThreeClassrooms.Hub.Devices.Health;
using ThreeClassrooms.Hub.Hosting;
using ThreeClassrooms.Hub.Lessons;
using ThreeClassrooms.Hub.Schools;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Devices.Alerts;

/// <summary>
/// The clockwork of the alerts: takes a step every few seconds and soon after something changed, stores it, and only then counts it. A step that
/// could not be stored is forgotten, and taken again from what the database says.
/// </summary>
internal sealed class AlertLoop(
    FleetHealth fleet, BrokerStanding broker, AlertStore store, AlertStanding standing, AlertWords words, AlertsOptions options, CountyTime county,
    IHubContext<LessonHub> audience, IServiceScopeFactory scopes, TimeProvider clock, ILogger<AlertLoop> log) : BackgroundService
{
    private static readonly TimeSpan TickEvery = TimeSpan.FromSeconds(5);

    /// <summary>Between two steps: when a town's power returns, hundreds of devices change within a second.</summary>
    private static readonly TimeSpan AtMostEvery = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan ReadEvery = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ForgetEvery = TimeSpan.FromHours(12);

    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly EvidenceTroubles _evidence = new();
    private AlertBook? _book;
    private AlertPolicy? _policy;
    private List<WatchedDevice> _register = [];
    private UndecidedLessons? _toDecide;
    private DateTimeOffset _read, _forgotten;
    private volatile bool _changed;

    /// <summary>Takes a step now with what staff decided a moment ago: it counts when this returns. A step that fails is taken again by the loop.</summary>
    public async Task RefreshAsync(CancellationToken cancel)
    {
        _changed = true;
        try
        {
            await StepAsync(cancel);
        }
        catch (Exception fault) when (!cancel.IsCancellationRequested)
        {
            log.StepFailed(fault); // what staff decided is stored all the same
        }
    }

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        fleet.Changed += OnChanged;
        return base.StartAsync(cancellationToken);
    }

    public override Task StopAsync(CancellationToken cancellationToken)
    {
        fleet.Changed -= OnChanged;
        return base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await StepAsync(stoppingToken);
                await Task.Delay(AtMostEvery, stoppingToken);
                await _wake.WaitAsync(TickEvery, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                log.StepFailed(fault); // lessons must go on whatever happens here
                await Task.Delay(TickEvery, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task StepAsync(CancellationToken stop)
    {
        await _turn.WaitAsync(stop);
        try
        {
            DateTimeOffset now = clock.GetUtcNow();
            AlertBook book = _book ??= await store.ReadAsync(stop);
            await ReadAsync(now, stop);
            AlertStep step = AlertEngine.Step(book, SightAt(now), _policy!, now);
            if (!step.IsIdle)
            {
                _book = null; // whatever goes wrong from here on, the database knows
                await store.WriteAsync(step, words.Notice, now, stop);
                _book = step.After;
                Tell(step);
            }

            standing.Set(step.After, _policy!.Acknowledged);
            if (step.Happenings.Count > 0 || step.Closed.Count > 0 || step.After.Alerts != step.Before.Alerts)
            {
                await audience.Clients.Group(FleetAudience.Group).SendAsync(LessonHubNames.FleetChanged, stop);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    private AlertSight SightAt(DateTimeOffset now)
    {
        DateTimeOffset due = county.At(county.DayOf(now), TimeOnly.FromTimeSpan(options.AliveAt));
        return new AlertSight(
            [.. _register.Select(d => d with { View = fleet.ViewOf(d.DeviceId) })], broker.Watch == FleetWatch.Off ? null : fleet.Sight, options.Alive ? due : null)
        {
            ToDecide = _toDecide,
        };
    }

    private async Task ReadAsync(DateTimeOffset now, CancellationToken stop)
    {
        if (!_changed && _policy is not null && now - _read < ReadEvery && now >= _read)
        {
            return;
        }

        _changed = false;
        _policy = await store.ReadPolicyAsync(now, stop);
        await using AsyncServiceScope scope = scopes.CreateAsyncScope();
        HubDbContext db = scope.ServiceProvider.GetRequiredService<HubDbContext>();
        List<DateTimeOffset> waiting = await db.Set<StoredJudgement>().AsNoTracking().ToDecide(db).Select(j => j.JudgedAt).ToListAsync(stop);
        _toDecide = waiting.Count > 0 ? new UndecidedLessons(waiting.Count, waiting.Min()) : null;
        ILookup<string, EvidenceTrouble> evidence = await _evidence.ReadAsync(db, now, stop);
        List<WatchedDevice> register = await (
            from device in db.Set<Device>().AsNoTracking()
            join room in db.Set<Classroom>() on device.ClassroomId equals room.Id
            join school in db.Set<School>() on room.SchoolId equals school.Id
            select new WatchedDevice(device.Id, school.Id, school.Town, school.Name, room.Id, room.Name, null)).ToListAsync(stop);
        _register = [.. register.Select(d => d with { Evidence = [.. evidence[d.DeviceId]] })];
        _read = now;
        if (now - _forgotten >= ForgetEvery)
        {
            _forgotten = now;
            await store.ForgetAsync(now, stop);
        }
    }

    private void Tell(AlertStep step)
    {
        foreach (AlertHappening happening in step.Happenings.Where(h => h.Kind != AlertEventKind.Told))
        {
            log.Happened(happening.Alert.Kind, happening.Alert.Fingerprint, happening.Kind, happening.Alert.Severity);
        }

        foreach (PlannedNotice notice in step.Notices)
        {
            log.Noticed(notice.Kind, notice.GroupKey, notice.Active.Count, notice.Over.Count);
        }
    }

    private void OnChanged(HealthChange change)
    {
        if (change.Before is null)
        {
            _changed = true; // one that is new in the register
        }

        try
        {
            _wake.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is awake already.
        }
    }
}
