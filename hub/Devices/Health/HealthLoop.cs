using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Hosting;
using ThreeClassrooms.Hub.Lessons;
using ThreeClassrooms.Hub.Storage;
using ThreeClassrooms.Hub.Timetable;

namespace ThreeClassrooms.Hub.Devices.Health;

/// <summary>
/// The clockwork of the fleet's health: ticks, reads register and timetable, writes in batches. Issues are written at once, readings every ten
/// seconds; the database never holds up what is heard.
/// </summary>
internal sealed class HealthLoop(
    FleetHealth fleet, HealthStore store, MetricsHistory history, LessonSnapshots lessons, TimetableNews news, IServiceScopeFactory scopes, CountyTime county,
    TimeProvider clock, ILogger<HealthLoop> log) : BackgroundService
{
    private static readonly TimeSpan TickEvery = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan RegisterEvery = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan TimetableEvery = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan WriteEvery = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan DaysEvery = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan HistoryEvery = TimeSpan.FromMinutes(20);

    /// <summary>A longer gap between two ticks (a suspended machine) is time that was not seen.</summary>
    private static readonly TimeSpan LongestStretch = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly StopOnce _stop = new();
    private readonly Dictionary<(string, DateOnly), UptimeSeconds> _days = [];
    private Dictionary<(Guid Room, DeviceRole Role), RoomTimes> _times = [];
    private DateTimeOffset _registered, _timetabled, _written, _daysWritten, _kept, _ticked;
    private IReadOnlyList<DeviceRegistration> _register = [];
    private volatile bool _heardUnknown, _timetableAsked;

    /// <summary>Call after staff changed something about a device: it counts when this returns.</summary>
    public async Task RefreshAsync(CancellationToken cancel) => fleet.Register(await store.ReadAsync(withHistory: false, cancel));

    /// <summary>The register is read before anything is heard: what was known before the restart is there first.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        _register = await store.ReadAsync(withHistory: true, cancellationToken);
        fleet.Register(_register);
        _registered = _kept = _ticked = _written = _daysWritten = clock.GetUtcNow();
        fleet.Urgent += Wake;
        fleet.HeardUnknown += OnUnknown;
        news.Changed += OnTimetable;
        await base.StartAsync(cancellationToken);
    }

    public override Task StopAsync(CancellationToken cancellationToken) => _stop.RunAsync(async () =>
    {
        fleet.Urgent -= Wake;
        fleet.HeardUnknown -= OnUnknown;
        news.Changed -= OnTimetable;
        await base.StopAsync(cancellationToken);
        await WriteAsync(true, CancellationToken.None);
        await WriteDaysAsync(CancellationToken.None);
    });

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await StepAsync(clock.GetUtcNow(), stoppingToken);
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

    private async Task StepAsync(DateTimeOffset now, CancellationToken stop)
    {
        if (_heardUnknown || now - _registered >= RegisterEvery)
        {
            _heardUnknown = false;
            _register = await store.ReadAsync(withHistory: false, stop);
            fleet.Register(_register);
            _registered = now;
        }

        if (_timetableAsked || now - _timetabled >= TimetableEvery)
        {
            _timetableAsked = false;
            _times = await ReadTimesAsync(now, stop);
            _timetabled = now;
        }

        fleet.OnTimetable(_times, (device, times) => device.Role == DeviceRole.Receiving && Misses(times, now));
        fleet.Tick();
        Count(now);
        bool all = now - _written >= WriteEvery;
        await WriteAsync(all, stop);
        _written = all ? now : _written;
        if (now - _daysWritten >= DaysEvery)
        {
            await WriteDaysAsync(stop);
            _daysWritten = now;
        }

        if (now - _kept >= HistoryEvery)
        {
            _kept = now;
            await history.KeepAsync(now, stop);
        }
    }

    private bool Misses(RoomTimes times, DateTimeOffset now) =>
        times.Current(now) is { } lesson && lessons.Of(lesson.Id) is { Phase: LessonPhase.Live } live
        && live.Seats.Any(s => s.SeatId == lesson.SeatId && !s.Online);

    private void Count(DateTimeOffset now)
    {
        TimeSpan stretch = now - _ticked;
        DateOnly day = county.DayOf(_ticked);
        _ticked = now;
        if (stretch <= TimeSpan.Zero || stretch > LongestStretch)
        {
            return;
        }

        foreach (DeviceRegistration device in _register)
        {
            if (fleet.ViewOf(device.DeviceId) is { } view && UptimeSeconds.Of(view, stretch) is var more && more != default)
            {
                _days[(device.DeviceId, day)] = _days.GetValueOrDefault((device.DeviceId, day)) + more;
            }
        }
    }

    private async Task WriteAsync(bool all, CancellationToken stop)
    {
        HealthBatch batch = fleet.Take(all);
        try
        {
            foreach ((HealthBatch culprit, Exception why) in await store.WriteAsync(batch, stop))
            {
                log.RowRefused(culprit.DeviceIds.FirstOrDefault() ?? "", culprit.What, why);
            }
        }
        catch (Exception)
        {
            fleet.Return(batch);
            throw;
        }

        foreach ((string id, IssueChange change) in batch.Issues.Where(i => !i.Change.Historical))
        {
            if (change.Raised)
            {
                log.IssueRaised(id, change.Kind, change.Part, change.Since);
            }
            else
            {
                log.IssueCleared(id, change.Kind, change.Part);
            }
        }

        if (batch.Dropped > 0)
        {
            log.ReadingsDropped(batch.Dropped);
        }
    }

    private async Task WriteDaysAsync(CancellationToken stop)
    {
        if (_days.Count > 0)
        {
            await store.AddDaysAsync(_days, stop);
            _days.Clear();
        }
    }

    private async Task<Dictionary<(Guid Room, DeviceRole Role), RoomTimes>> ReadTimesAsync(DateTimeOffset now, CancellationToken stop)
    {
        await using AsyncServiceScope scope = scopes.CreateAsyncScope();
        HubDbContext db = scope.ServiceProvider.GetRequiredService<HubDbContext>();
        DateTimeOffset earliest = now.AddHours(-12), until = now.AddDays(14);
        var lessons = await (
            from seat in db.Set<Participation>().AsNoTracking()
            join o in db.Set<Occurrence>() on seat.OccurrenceId equals o.Id
            where o.StartsAt >= earliest && o.StartsAt < until && o.EndsAt > now && o.EndedAt == null && o.Phase != LessonPhase.Cancelled && o.Phase != LessonPhase.Missed
            orderby o.StartsAt
            select new { seat.ClassroomId, seat.Role, seat.SeatId, o.Id, o.StartsAt, o.EndsAt, o.Subject }).ToListAsync(stop);
        return lessons.GroupBy(l => (l.ClassroomId, l.Role == SeatRole.Host ? DeviceRole.Main : DeviceRole.Receiving))
            .ToDictionary(g => g.Key, g => new RoomTimes([.. g.OrderBy(l => l.StartsAt).Select(l => new RoomLesson(l.Id, l.StartsAt, l.EndsAt, l.Subject, l.Role, l.SeatId))]));
    }

    private void OnTimetable(Guid occurrenceId)
    {
        _timetableAsked = true;
        Wake();
    }

    private void OnUnknown()
    {
        _heardUnknown = true;
        Wake();
    }

    private void Wake()
    {
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
