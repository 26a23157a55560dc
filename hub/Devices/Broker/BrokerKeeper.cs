using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Storage;
using ThreeClassrooms.Mqtt;

namespace ThreeClassrooms.Hub.Devices.Broker;

/// <summary>
/// Keeps the broker's users as the database has them: tells it of changes as they come, and compares the whole at every connect. Nothing it is asked fails:
/// what the broker cannot be told now, it is told when it is there.
/// </summary>
internal sealed class BrokerKeeper : BackgroundService
{
    /// <summary>A managed broker that lacks users is started anew, but not over and over.</summary>
    private static readonly TimeSpan RestartAtMostEvery = TimeSpan.FromMinutes(5);

    private readonly MqttOptions _options;
    private readonly BrokerAccess _access;
    private readonly BrokerLoop _loop;
    private readonly IServiceScopeFactory _scopes;
    private readonly TimeProvider _clock;
    private readonly ILogger<BrokerKeeper> _log;
    private readonly IMqttLink _link;
    private readonly DynsecAdmin _admin;

    /// <summary>Passwords that the broker has not been told; not on any disk.</summary>
    private readonly ConcurrentDictionary<string, string> _untold = new(StringComparer.Ordinal);

    private readonly SemaphoreSlim _connected = new(0);
    private readonly CancellationTokenSource _stopping = new();
    private long? _restarted;
    private long _rounds;

    public BrokerKeeper(MqttOptions options, BrokerAccess access, BrokerLoop loop, IServiceScopeFactory scopes, TimeProvider clock, ILogger<BrokerKeeper> log)
    {
        (_options, _access, _loop, _scopes, _clock, _log) = (options, access, loop, scopes, clock, log);
        _link = MqttLinks.Create(access.ForAdmin(), TimeProvider.System);
        _admin = new DynsecAdmin(_link, TimeProvider.System);
        _link.Changed += OnChanged;
        access.Restarted += _link.TryNow;
    }

    /// <summary>How often the whole was compared so far.</summary>
    public long Rounds => Interlocked.Read(ref _rounds);

    /// <summary>The broker knows every password that was handed out.</summary>
    public bool HasToldAll => _untold.IsEmpty;

    /// <summary>The user is there, enabled, and has this password. Ends its connection when it had another.</summary>
    public async Task SetAsync(string deviceId, string password)
    {
        if (_options.Mode == MqttMode.Off)
        {
            return;
        }

        _untold[deviceId] = password;
        BrokerRefusal? refusal = await TellAsync(new CreateUser(deviceId, password));
        if (refusal == BrokerRefusal.AlreadyThere)
        {
            refusal = await TellAsync(new SetPassword(deviceId, password));
        }

        if (refusal is null)
        {
            _untold.TryRemove(new KeyValuePair<string, string>(deviceId, password));
        }
    }

    /// <summary>The user is refused from now on, and put out if it is in. The database must say so already.</summary>
    public Task DisableAsync(string deviceId) => _options.Mode == MqttMode.Off ? Task.CompletedTask : TellAsync(new DisableUser(deviceId));

    /// <summary>The user is let in again. The database must say so already.</summary>
    public async Task EnableAsync(string deviceId)
    {
        if (_options.Mode != MqttMode.Off && await TellAsync(new EnableUser(deviceId)) == BrokerRefusal.NotThere)
        {
            _connected.Release(); // compare the whole: only the database has its password
        }
    }

    public override void Dispose()
    {
        _access.Restarted -= _link.TryNow;
        _connected.Dispose();
        _stopping.Dispose();
        _admin.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_options.Mode == MqttMode.Off)
        {
            return;
        }

        await using CancellationTokenRegistration registration = stoppingToken.Register(_stopping.Cancel);
        await using IMqttLink link = _link;
        await Task.WhenAll(_link.RunAsync(stoppingToken), ReconcileWhenConnectedAsync(stoppingToken));
    }

    private void OnChanged(MqttLinkChange change)
    {
        if (change.Up)
        {
            _connected.Release();
        }
        else if (change.Reason != MqttReason.Success && (change.Reason != MqttReason.Unreachable || _options.Mode == MqttMode.External))
        {
            _log.AdminDown(change.Reason, change.Words, change.RetryIn);
        }
    }

    private async Task ReconcileWhenConnectedAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                await _connected.WaitAsync(stop);
                if (await _admin.ListenAsync(stop))
                {
                    await ReconcileAsync(stop);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The hub stops.
        }
    }

    private async Task ReconcileAsync(CancellationToken stop)
    {
        var settled = (await ReadAsync(stop)).Select(u => u.DeviceId).ToHashSet(StringComparer.Ordinal);
        Result<List<ListedUser>, BrokerRefusal> found = await _admin.ListAsync(stop);
        if (!found.IsOk)
        {
            _log.ChangeRefused("list of users", found.Refusal!.Value);
            return;
        }

        var remembered = new Dictionary<string, string>(_untold, StringComparer.Ordinal);
        var reconciliation = Reconciliation.Between(await ReadAsync(stop), settled, found.Value, remembered);
        IReadOnlyList<BrokerRefusal?> refusals = await _admin.ApplyAsync(reconciliation.Changes, stop);
        foreach ((BrokerChange change, BrokerRefusal? refusal) in reconciliation.Changes.Zip(refusals))
        {
            if (refusal is { } why)
            {
                _log.ChangeRefused(change.ToString()!, why);
            }
            else if (change is CreateUser or SetPassword && remembered.TryGetValue(change.DeviceId, out string? told))
            {
                _untold.TryRemove(new KeyValuePair<string, string>(change.DeviceId, told));
            }
        }

        int ghosts = reconciliation.Changes.Count(c => c is DeleteUser), created = reconciliation.Changes.Count(c => c is CreateUser);
        _log.Reconciled(ghosts, reconciliation.Changes.Count - ghosts - created, created);
        Supply(reconciliation.Missing);
        Interlocked.Increment(ref _rounds);
    }

    private void Supply(IReadOnlyList<string> missing)
    {
        if (missing.Count == 0)
        {
            return;
        }

        if (_options.Mode == MqttMode.External)
        {
            _log.UsersMissing(missing.Count);
        }
        else if (_restarted is not { } last || _clock.GetElapsedTime(last) >= RestartAtMostEvery)
        {
            _restarted = _clock.GetTimestamp();
            _log.RestartForUsers(missing.Count);
            _loop.Restart();
        }
    }

    private async Task<List<KnownUser>> ReadAsync(CancellationToken stop)
    {
        await using AsyncServiceScope scope = _scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<HubDbContext>().Set<BrokerUser>().AsNoTracking()
            .Select(u => new KnownUser(u.DeviceId, u.Device.DisabledAt != null)).ToListAsync(stop);
    }

    private async Task<BrokerRefusal?> TellAsync(BrokerChange change)
    {
        try
        {
            BrokerRefusal? refusal = (await _admin.ApplyAsync([change], _stopping.Token))[0];
            if (refusal is BrokerRefusal.Other or BrokerRefusal.NoAnswer)
            {
                _log.ChangeRefused(change.ToString()!, refusal.Value);
            }

            return refusal;
        }
        catch (Exception stopped) when (stopped is OperationCanceledException or ObjectDisposedException)
        {
            return BrokerRefusal.NotConnected;
        }
    }
}
