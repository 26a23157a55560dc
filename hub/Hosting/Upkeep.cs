using Microsoft.Extensions.FileProviders;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Hosting;

/// <summary>Looks after the hub's own state, at the start and then regularly: certificate, disk, database, the pages' files. What it finds stands in <see cref="HubTroubles"/>.</summary>
internal sealed class Upkeep(
    HubCertificate certificate, DataFolder folder, HubTroubles troubles, IWebHostEnvironment web, IServiceScopeFactory scopes, TimeProvider clock, ILogger<Upkeep> log) : BackgroundService
{
    private static readonly TimeSpan DiskEvery = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan CertificateEvery = TimeSpan.FromHours(12);

    private const long LeastFree = 200L << 20;

    /// <summary>Nothing is shown without these.</summary>
    private static readonly string[] Needed = ["css/app.css", "js/shell.js"];

    private DateTimeOffset _looked;

    /// <summary>What can be known before the first request; nothing here keeps the hub from starting.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        _looked = clock.GetUtcNow();
        certificate.Look();
        LookAtDisk();
        LookAtPages();
        await LookAtDatabaseAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(DiskEvery, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stoppingToken.IsCancellationRequested)
            {
                return;
            }

            try
            {
                LookAtDisk();
                if (clock.GetUtcNow() - _looked >= CertificateEvery)
                {
                    _looked = clock.GetUtcNow();
                    certificate.Look();
                }
            }
            catch (Exception fault)
            {
                log.UpkeepFailed(fault);
            }
        }
    }

    /// <summary>Of a disk with <paramref name="total"/> bytes. Pure.</summary>
    internal static bool IsFull(long free, long total) => free < Math.Min(LeastFree, total / 20) || free < total / 1000;

    private void LookAtDisk()
    {
        try
        {
            var disk = new DriveInfo(folder.Root);
            if (!IsFull(disk.AvailableFreeSpace, disk.TotalSize))
            {
                troubles.Clear(HubTrouble.DiskFull);
            }
            else if (troubles.Set(HubTrouble.DiskFull, folder.Root))
            {
                log.DiskFull(folder.Root, disk.AvailableFreeSpace);
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            log.UpkeepFailed(fault);
        }
    }

    private void LookAtPages()
    {
        foreach (string path in Needed)
        {
            IFileInfo file = web.WebRootFileProvider.GetFileInfo(path);
            if (!file.Exists || file.Length == 0)
            {
                troubles.Set(HubTrouble.PagesDamaged, path);
                log.PagesDamaged(path, web.WebRootPath);
            }
        }
    }

    private async Task LookAtDatabaseAsync(CancellationToken stop)
    {
        await using AsyncServiceScope scope = scopes.CreateAsyncScope();
        if (await DatabaseCheck.FindAsync(scope.ServiceProvider.GetRequiredService<HubDbContext>(), stop) is { } finding)
        {
            troubles.Set(HubTrouble.DatabaseDamaged, "");
            log.DatabaseDamaged(finding);
        }
    }
}
