using Microsoft.AspNetCore.SignalR;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Devices.Commands;
using ThreeClassrooms.Hub.Devices.Health;
using ThreeClassrooms.Hub.Devices.Releases;
using ThreeClassrooms.Hub.Lessons;

namespace ThreeClassrooms.Hub.Devices.Fleet;

/// <summary>Tells open pages that some device's health changed, some command or update came further; many changes at once are told once.</summary>
internal sealed class FleetAudience(FleetHealth fleet, CommandLoop commands, RolloutLoop rollouts, IHubContext<LessonHub> hub) : BackgroundService
{
    public const string Group = "fleet";

    /// <summary>When a town's power returns, hundreds of devices change within a second.</summary>
    private static readonly TimeSpan AtMostEvery = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _changed = new(0, 1);

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        fleet.Changed += OnHealth;
        commands.Changed += OnChanged;
        rollouts.Changed += OnChanged;
        return base.StartAsync(cancellationToken);
    }

    public override Task StopAsync(CancellationToken cancellationToken)
    {
        fleet.Changed -= OnHealth;
        commands.Changed -= OnChanged;
        rollouts.Changed -= OnChanged;
        return base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await _changed.WaitAsync(stoppingToken);
                await hub.Clients.Group(Group).SendAsync(LessonHubNames.FleetChanged, stoppingToken);
                await Task.Delay(AtMostEvery, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private void OnHealth(HealthChange change) => OnChanged();

    private void OnChanged()
    {
        if (_changed.CurrentCount == 0)
        {
            try
            {
                _changed.Release();
            }
            catch (SemaphoreFullException)
            {
                // Told already.
            }
        }
    }
}
