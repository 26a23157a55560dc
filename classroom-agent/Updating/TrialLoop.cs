using Microsoft.Extensions.Logging;
using ThreeClassrooms.Agent.Children;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Updating;

/// <summary>
/// While the running version is on trial, watches whether it proves itself, and then takes the alarm off. Afterwards, and in every other start, tells the hub what is
/// still to be told of an update, and removes what no start will want.
/// </summary>
/// <param name="chosen">The release that the base has chosen; null: the base itself runs.</param>
/// <param name="signs">Asks the hub over HTTPS, if it has not answered yet.</param>
/// <param name="tell">Hands a result to the hub; the action is called when the broker has it.</param>
/// <param name="disarm">Takes off the alarm.</param>
internal sealed class TrialLoop(
    ReleaseStore store, string? chosen, TimeSpan hold, Func<CancellationToken, Task<TrialSigns>> signs, Action<CommandResult, Action?> tell, Action disarm, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    /// <summary>Nothing is on trial, and what former updates left is cleared away: another may come.</summary>
    public bool Settled { get; private set; }

    public async Task RunAsync(CancellationToken stop)
    {
        if (chosen is not null && store.Load()?.Trial?.Version == chosen)
        {
            log.OnTrial(chosen!);
            await ProveAsync(stop);
        }

        if (!stop.IsCancellationRequested && store.Load() is { } state)
        {
            Tell(state);
            Sweep(state);
        }

        Settled = !stop.IsCancellationRequested;
    }

    private async Task ProveAsync(CancellationToken stop)
    {
        var watch = new TrialWatch(hold);
        long began = time.GetTimestamp();
        while (!stop.IsCancellationRequested)
        {
            if (watch.OnTime(await signs(stop), time.GetElapsedTime(began)) && store.Load() is { } state && store.TrySave(state.Confirm()))
            {
                disarm();
                log.Confirmed(chosen!);
                return;
            }

            await Waits.PauseAsync(Beat, time, stop);
        }
    }

    private void Tell(SlotState state)
    {
        if (state.Answer is { } answer)
        {
            tell(
                new CommandResult(answer.Command, answer.Done ? CommandOutcome.Done : CommandOutcome.Failed, time.GetUtcNow(), answer.Done ? null : UpdateReasons.RolledBack),
                () => Forget(answer));
        }
    }

    private void Forget(UpdateAnswer told)
    {
        if (store.Load() is { } state && state.Answer == told)
        {
            store.TrySave(state with { Answer = null }); // else it is told once more, which counts once
        }
    }

    private void Sweep(SlotState state)
    {
        try
        {
            store.Sweep(state, time.GetUtcNow());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            log.NotSwept(e.Message);
        }
    }
}
