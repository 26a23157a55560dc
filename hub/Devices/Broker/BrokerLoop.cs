using System.ComponentModel;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Hub.Hosting;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Devices.Broker;

/// <summary>
/// Keeps the managed broker running: writes all its files from the database, starts it, passes its log on and starts it again when it ends. A broker that was
/// killed while it wrote its users' file, or whose file was emptied, comes back with every user.
/// </summary>
internal sealed class BrokerLoop(
    MqttOptions options, BrokerGround ground, BrokerAccess access, BrokerStanding standing, HubTroubles troubles, IServiceScopeFactory scopes, TimeProvider clock,
    ILogger<BrokerLoop> log)
    : BackgroundService
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>Having run so long it was no failed start.</summary>
    private static readonly TimeSpan Steady = TimeSpan.FromSeconds(5);

    /// <summary>An operator may install the program while the hub runs.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(5);

    private volatile bool _snapshotRefused;
    private volatile TaskCompletionSource _restart = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Process id of the running broker; null: none.</summary>
    public int? ProcessId { get; private set; }

    /// <summary>Ends the broker and starts it with fresh files: it lacks users whose passwords only the database has. Returns at once.</summary>
    public void Restart() => _restart.TrySetResult();

    /// <summary>
    /// The plugin could not write its users' file; it has answered "done" all the same. Nothing is lost: the file is written from the database before every start.
    /// </summary>
    public static bool TellsOfUnsavedUsers(string line) =>
        line.Contains("Error saving Dynamic security", StringComparison.Ordinal) || line.Contains("Error updating dynsec", StringComparison.Ordinal);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Mode != MqttMode.Managed)
        {
            return;
        }

        TimeSpan pause = FirstPause;
        while (!stoppingToken.IsCancellationRequested)
        {
            if (BrokerProgram.Find(options) is not { } program)
            {
                standing.Set(FleetWatch.BrokerMissing);
                log.BrokerMissing();
                await PauseAsync(LookAgain, stoppingToken);
                continue;
            }

            long begun = clock.GetTimestamp();
            bool wanted = await RunOnceAsync(program, stoppingToken);
            if (stoppingToken.IsCancellationRequested)
            {
                return;
            }

            bool steady = wanted || clock.GetElapsedTime(begun) >= Steady;
            pause = steady ? FirstPause : pause;
            standing.Set(FleetWatch.BrokerDown);
            await PauseAsync(pause, stoppingToken);
            pause = 2 * pause < LongestPause ? 2 * pause : LongestPause;
        }
    }

    /// <returns>True: it was restarted on purpose.</returns>
    private async Task<bool> RunOnceAsync(BrokerProgram program, CancellationToken stop)
    {
        try
        {
            BrokerSettings settings = ground.Settings(program.Plugin);
            await WriteFilesAsync(settings, stop);
            EndLeftOver(settings);
            _restart = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            using BrokerChild child = await BrokerChild.StartAsync(program.Program, settings.ConfigurationFile, OnLine);
            ProcessId = child.Id;
            log.BrokerStarted(child.Id, settings.Port);
            await ListeningAsync(settings.LocalPort, child, stop);
            access.RaiseRestarted();
            using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
            Task ended = await Task.WhenAny(child.Exited, _restart.Task, Task.Delay(Timeout.Infinite, over.Token));
            await over.CancelAsync();
            ProcessId = null;
            if (ended != child.Exited)
            {
                await child.StopAsync(StopPatience);
                log.BrokerStopped();
                return true;
            }

            log.BrokerEnded(await child.Exited);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or Win32Exception)
        {
            log.BrokerCannotStart(fault.Message);
        }
        catch (OperationCanceledException)
        {
            // The hub stops.
        }

        return false;
    }

    /// <summary>Waits until the broker takes connections: the hub's links, told to try now, would else fail once more and pause for seconds.</summary>
    private static async Task ListeningAsync(int port, BrokerChild child, CancellationToken stop)
    {
        for (int tries = 0; tries < 100 && !child.Exited.IsCompleted; tries++)
        {
            try
            {
                using var probe = new TcpClient();
                await probe.ConnectAsync(IPAddress.Loopback, port, stop);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), stop);
            }
        }
    }

    private async Task WriteFilesAsync(BrokerSettings settings, CancellationToken stop)
    {
        BrokerCertificate.ReadOrMake(settings, OnDamaged);
        if (File.Exists(settings.Snapshot) && (_snapshotRefused || !BrokerSnapshot.LooksSound(settings.Snapshot)))
        {
            PrivateFile.SetAside(settings.Snapshot, clock.GetUtcNow());
            OnDamaged(settings.Snapshot);
        }

        _snapshotRefused = false;
        await using AsyncServiceScope scope = scopes.CreateAsyncScope();
        var rows = await scope.ServiceProvider.GetRequiredService<HubDbContext>().Set<BrokerUser>().AsNoTracking().OrderBy(u => u.DeviceId)
            .Select(u => new { u.DeviceId, u.Salt, u.Hash, Disabled = u.Device.DisabledAt != null }).ToListAsync(stop);
        IEnumerable<DynsecUser> devices = rows.Select(u => new DynsecUser(u.DeviceId, u.DeviceId, new PasswordHash(u.Salt, u.Hash), u.Disabled));
        PrivateFile.Write(settings.DynsecPath, DynsecFile.Write(access.Renew().Concat(devices)));
        PrivateFile.Write(settings.AclPath, BrokerConfiguration.Acl);
        PrivateFile.Write(settings.ConfigurationFile, BrokerConfiguration.Write(settings));
    }

    /// <summary>A broker that outlived an earlier hub would hold the port. Only one that runs on our own configuration is touched.</summary>
    private void EndLeftOver(BrokerSettings settings)
    {
        if (!File.Exists(settings.PidFile) || !int.TryParse(File.ReadAllText(settings.PidFile), NumberStyles.None, CultureInfo.InvariantCulture, out int id))
        {
            return;
        }

        try
        {
            string command = File.ReadAllText($"/proc/{id}/cmdline");
            if (command.Contains(settings.ConfigurationFile, StringComparison.Ordinal))
            {
                using var process = System.Diagnostics.Process.GetProcessById(id);
                process.Kill();
                process.WaitForExit(StopPatience);
                log.LeftOverEnded(id);
            }
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException or ArgumentException or InvalidOperationException or Win32Exception)
        {
            // No such process, or none of ours.
        }
    }

    private void OnDamaged(string path)
    {
        troubles.Set(HubTrouble.FileSetAside, Path.GetFileName(path));
        log.BrokerFileSetAside(path);
    }

    private void OnLine(string line)
    {
        _snapshotRefused |= BrokerSnapshot.TellsOfDamage(line);
        if (TellsOfUnsavedUsers(line))
        {
            log.BrokerCannotSave(line);
        }
        else if (line.StartsWith("Error", StringComparison.Ordinal))
        {
            log.BrokerError(line);
        }
        else if (line.StartsWith("Warning", StringComparison.Ordinal) && !line.Contains("run as root", StringComparison.Ordinal)) // as whom is the operator's choice for the hub
        {
            log.BrokerWarning(line);
        }
        else
        {
            log.BrokerSaid(line);
        }
    }

    private async Task PauseAsync(TimeSpan length, CancellationToken stop)
    {
        try
        {
            await Task.Delay(length, clock, stop);
        }
        catch (OperationCanceledException)
        {
            // The hub stops.
        }
    }
}
