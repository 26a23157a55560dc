using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Devices.Commands;
using ThreeClassrooms.Hub.Devices.Health;
using ThreeClassrooms.Hub.Hosting;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Devices.Releases;

/// <summary>
/// Drives <see cref="RolloutCourse"/>: looks at the devices, asks those whose turn it is, notes what became of it. Whom it asks and that it asked are stored together,
/// so a hub that was killed at any moment neither forgets nor asks twice. Without a rollout it sleeps.
/// </summary>
internal sealed class RolloutLoop(FleetHealth fleet, CommandLoop commands, IServiceScopeFactory scopes, CountyTime county, TimeProvider clock, ILogger<RolloutLoop> log) : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    /// <summary>When only devices that are away remain.</summary>
    private static readonly TimeSpan LookSeldom = TimeSpan.FromMinutes(1);

    /// <summary>Health and commands change many times a second in a large county.</summary>
    private static readonly TimeSpan AtMostEvery = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _wake = new(0, 1);
    private volatile bool _active;

    /// <summary>Some rollout came further. Raised by the loop; must not block.</summary>
    public event Action? Changed;

    /// <summary>Call after staff started or changed a rollout.</summary>
    public void Wake()
    {
        _active = true;
        Nudge();
        Changed?.Invoke();
    }

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        fleet.Changed += OnHealth;
        commands.Changed += OnCommands;
        return base.StartAsync(cancellationToken);
    }

    public override Task StopAsync(CancellationToken cancellationToken)
    {
        fleet.Changed -= OnHealth;
        commands.Changed -= OnCommands;
        return base.StopAsync(cancellationToken);
    }

    public override void Dispose()
    {
        _wake.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                TimeSpan pause = await StepAsync(stoppingToken);
                await _wake.WaitAsync(pause, stoppingToken);
                await Task.Delay(AtMostEvery, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (DbUpdateConcurrencyException)
            {
                // A person decided something at this moment: looked at anew.
            }
            catch (Exception fault)
            {
                log.StepFailed(fault);
                await Task.Delay(LookEvery, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <returns>How long nothing need be done, unless something is heard.</returns>
    private async Task<TimeSpan> StepAsync(CancellationToken stop)
    {
        DateTimeOffset recent = clock.GetUtcNow() - RolloutWish.LongestWatch;
        List<Guid> live;
        await using (AsyncServiceScope scope = scopes.CreateAsyncScope())
        {
            live = await scope.ServiceProvider.GetRequiredService<HubDbContext>().Set<Rollout>().AsNoTracking()
                .Where(r => r.State == RolloutState.Running || r.State == RolloutState.Paused || r.Devices.Any(d => d.State == MemberState.Asked)
                    || (r.State == RolloutState.Done && r.Devices.Any(d => d.Holds || d.UpdatedAt > recent)))
                .OrderBy(r => r.StartedAt).Select(r => r.Id).ToListAsync(stop);
        }

        bool busy = false;
        foreach (Guid id in live)
        {
            busy |= await StepAsync(id, stop);
        }

        _active = live.Count > 0;
        return live.Count == 0 ? Timeout.InfiniteTimeSpan : busy ? LookEvery : LookSeldom;
    }

    /// <returns>Whether it runs.</returns>
    private async Task<bool> StepAsync(Guid id, CancellationToken stop)
    {
        await using AsyncServiceScope scope = scopes.CreateAsyncScope();
        HubDbContext db = scope.ServiceProvider.GetRequiredService<HubDbContext>();
        Rollout rollout = await db.Set<Rollout>().Include(r => r.Devices).ThenInclude(d => d.Device).SingleAsync(r => r.Id == id, stop);
        DateTimeOffset now = clock.GetUtcNow();
        Func<string, MemberSight> seen = await scope.ServiceProvider.GetRequiredService<RolloutSights>().OfAsync(rollout, stop);
        bool allowed = RolloutHours.Of(rollout) is not { } hours || hours.Cover(TimeOnly.FromDateTime(county.ToLocal(now).DateTime));
        bool withdrawn = await db.Set<StoredRelease>().AnyAsync(r => r.Version == rollout.ReleaseVersion && r.WithdrawnAt != null, stop);
        RolloutCourse before = rollout.CourseOf(), after = (withdrawn && rollout.Devices.Exists(d => d.Holds) ? before.OnStop(RolloutStop.Withdrawn) : before).Step(seen, allowed, now, out IReadOnlyList<string> ask);
        Dictionary<string, DeviceCommand> asked = ask.ToDictionary(d => d, d => DeviceCommand.Of(
            d, CommandKind.Update, new CommandWish(null, rollout.ReleaseVersion, rollout.Id), rollout.StartedById, rollout.StartedBy, now), StringComparer.Ordinal);
        db.AddRange(asked.Values);
        if (rollout.Take(after, asked, now))
        {
            await db.SaveChangesAsync(stop);
            if (before.State != after.State || before.Stage != after.Stage)
            {
                log.RolloutMoved(id, rollout.ReleaseVersion, after.State, after.Stage, after.StoppedFor);
            }

            if (asked.Count > 0)
            {
                commands.Wake();
            }

            Changed?.Invoke();
        }

        return after.State == RolloutState.Running || after.Members.Any(m => m.State == MemberState.Asked);
    }

    private void OnHealth(HealthChange change) => OnCommands();

    private void OnCommands()
    {
        if (_active)
        {
            Nudge();
        }
    }

    private void Nudge()
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
