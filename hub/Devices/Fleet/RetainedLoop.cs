using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Devices.Health;
using ThreeClassrooms.Hub.Devices.Link;
using ThreeClassrooms.Hub.Hosting;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Devices.Fleet;

/// <summary>
/// Keeps what the broker keeps as the database has it: says the wanted configuration again whenever the hub sees its broker anew (which may have lost it), and
/// removes every night what is kept of devices that are none.
/// </summary>
internal sealed class RetainedLoop(FleetLink link, FleetDevices devices, IServiceScopeFactory scopes, CountyTime county, TimeProvider clock, ILogger<RetainedLoop> log)
    : BackgroundService, IFleetListener
{
    private static readonly TimeOnly Night = new(3, 20);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMinutes(10);

    /// <summary>What could not be said (a full disk, a busy database) is tried again after this.</summary>
    private static readonly TimeSpan SayAgain = TimeSpan.FromSeconds(30);

    /// <summary>So long the broker may take to say what it keeps.</summary>
    private static readonly TimeSpan Telling = TimeSpan.FromSeconds(20);

    private readonly SemaphoreSlim _sees = new(0, 1);

    public void OnBlind(bool blind, DateTimeOffset at)
    {
        if (!blind && _sees.CurrentCount == 0)
        {
            _sees.Release(); // one caller at a time
        }
    }

    /// <param name="telling">How long the broker is listened to.</param>
    /// <returns>How many ghosts there were.</returns>
    public async Task<int> ClearGhostsAsync(TimeSpan telling, CancellationToken stop)
    {
        if (!await link.AskForKeptAsync(stop))
        {
            return 0;
        }

        await Task.Delay(telling, stop);
        await using AsyncServiceScope scope = scopes.CreateAsyncScope();
        HubDbContext db = scope.ServiceProvider.GetRequiredService<HubDbContext>();
        HashSet<string> enrolled = [.. await db.Set<Device>().Select(d => d.Id).ToListAsync(stop)];
        List<string> ghosts = devices.TakeGhosts().FindAll(id => !enrolled.Contains(id));
        AuditTrail audit = scope.ServiceProvider.GetRequiredService<AuditTrail>();
        foreach (string ghost in ghosts)
        {
            await link.ForgetAsync(ghost, stop);
            audit.Add(AuditAction.ClearedGhosts, null, "hub", ghost);
            log.GhostCleared(ghost);
        }

        await db.SaveChangesAsync(stop);
        return ghosts.Count;
    }

    public override void Dispose()
    {
        _sees.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        DateTimeOffset night = NextNight();
        bool owed = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                owed |= await _sees.WaitAsync(owed ? SayAgain : LookEvery, stoppingToken);
                if (owed)
                {
                    await SayDesiredAsync(stoppingToken);
                    owed = false;
                }

                if (clock.GetUtcNow() >= night)
                {
                    night = NextNight();
                    await ClearGhostsAsync(Telling, stoppingToken);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                log.KeptNotChecked(fault);
            }
        }
    }

    /// <summary>The same version once more changes nothing on a device.</summary>
    private async Task SayDesiredAsync(CancellationToken stop)
    {
        await using AsyncServiceScope scope = scopes.CreateAsyncScope();
        HubDbContext db = scope.ServiceProvider.GetRequiredService<HubDbContext>();
        foreach (DeviceCare care in await db.Set<DeviceCare>().AsNoTracking().Where(c => c.Version > 0).ToListAsync(stop))
        {
            await link.SetDesiredAsync(care.DeviceId, new DesiredConfiguration(care.Version, [.. HealthStore.AbsentOf(care).Order()]), stop);
        }
    }

    private DateTimeOffset NextNight()
    {
        DateTimeOffset tonight = county.At(county.Today, Night);
        return tonight > clock.GetUtcNow() ? tonight : county.At(county.Today.AddDays(1), Night);
    }
}
