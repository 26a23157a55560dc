using ThreeClassrooms.Agent.Enrolment;
using ThreeClassrooms.Agent.Telemetry;
using ThreeClassrooms.Agent.Updating;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Simulation;

/// <summary>
/// Updates of a simulated device: it asks the hub for the release and leaves the package where it is, is away for a moment, and says another version when it is back. Where
/// the fault says so it is back with the former one. The version is kept over runs of the program.
/// </summary>
/// <param name="bad">New versions do not come up here now.</param>
internal sealed class SimulatedUpdate(string data, HubApi api, DeviceTokens tokens, Func<bool> bad)
{
    private readonly JsonFile<ReleaseMark> _file = new(Path.Combine(data, "telemetry", AgentReleases.MarkFile));
    private CommandResult? _pending;

    public string Version => _file.Load()?.Version ?? AgentVersion.Current;

    /// <returns>What is to be said of an update now that the device is back, once; null: nothing.</returns>
    public CommandResult? TakePending() => Interlocked.Exchange(ref _pending, null);

    public async Task<CommandAnswer> RunAsync(AgentCommand command, CancellationToken stop)
    {
        if (!AgentReleases.IsVersion(command.Text))
        {
            return CommandAnswer.Failed(UpdateReasons.NoRelease);
        }

        if (command.Text == Version)
        {
            return CommandAnswer.Done;
        }

        if (await tokens.GetAsync(stop) is not { IsOk: true } token)
        {
            return CommandAnswer.Failed(UpdateReasons.Download);
        }

        Result<AgentRelease, HubRefusal> told = await api.ReleaseAsync(token.Value, command.Text!, stop);
        if (!told.IsOk)
        {
            return CommandAnswer.Failed(told.Refusal == HubRefusal.NotUnderstood ? UpdateReasons.NoRelease : UpdateReasons.Download);
        }

        bool fails = bad() || !_file.TrySave(new ReleaseMark(command.Text!));
        _pending = new CommandResult(
            command.Id, fails ? CommandOutcome.Failed : CommandOutcome.Done, DateTimeOffset.UtcNow, fails ? UpdateReasons.RolledBack : null);
        return CommandAnswer.Done with { Restart = true, AnsweredLater = true };
    }
}
