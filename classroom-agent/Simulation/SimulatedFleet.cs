using ThreeClassrooms.Agent.Children;

namespace ThreeClassrooms.Agent.Simulation;

/// <summary>All simulated devices of the process, and the second hand that lets their faults come and go.</summary>
internal sealed class SimulatedFleet(IReadOnlyList<SimulatedAgent> agents, SimulationSurroundings around) : IAsyncDisposable
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    public int Count => agents.Count;

    /// <summary>Devices whose birth the broker has taken and whose connection stands.</summary>
    public int Online => agents.Count(a => a.IsOnline);

    /// <param name="onBeat">Called every second.</param>
    public async Task RunAsync(Action<TimeSpan> onBeat, CancellationToken stop)
    {
        Task[] running = [.. agents.Select(a => Task.Run(() => a.RunAsync(stop), CancellationToken.None))];
        while (!stop.IsCancellationRequested)
        {
            TimeSpan now = around.Since();
            foreach (SimulatedAgent agent in agents)
            {
                agent.OnTime(now);
            }

            onBeat(now);
            await Waits.PauseAsync(Beat, TimeProvider.System, stop);
        }

        await Task.WhenAll(running);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (SimulatedAgent agent in agents)
        {
            await agent.DisposeAsync();
        }
    }
}
