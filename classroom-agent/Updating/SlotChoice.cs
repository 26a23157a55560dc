namespace ThreeClassrooms.Agent.Updating;

/// <param name="Base">Version of the base.</param>
/// <param name="Boot">Of the machine.</param>
/// <param name="Uptime">By the machine's monotonic clock.</param>
internal sealed record SlotMoment(string Base, Guid Boot, TimeSpan Uptime, DateTimeOffset Now);

/// <param name="Release">What is to run; null: the base itself.</param>
/// <param name="State">To be kept before anything runs.</param>
/// <param name="ProveWithin">The release is on trial and has so long; null: it is not.</param>
internal sealed record SlotDecision(string? Release, SlotState State, TimeSpan? ProveWithin);

/// <summary>Decides which version of the agent runs at a start. Pure.</summary>
internal static class SlotChoice
{
    public const int MostStarts = 3;

    /// <summary>With less time than this left no program comes up: the trial is over.</summary>
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(1);

    /// <param name="known">Null: nothing is known, or it cannot be read.</param>
    /// <param name="there">Versions whose files are there and whole.</param>
    /// <param name="proveWithin">From a trial's first start; starts after a power cut count as its starts, and the time begins anew.</param>
    public static SlotDecision Decide(SlotState? known, IReadOnlySet<string> there, SlotMoment at, TimeSpan proveWithin)
    {
        SlotState state = OfThisBase(known, at);
        if (state.Trial is { } trial)
        {
            bool sameBoot = trial.Boot == at.Boot && trial.SinceMs is not null;
            TimeSpan since = sameBoot ? TimeSpan.FromMilliseconds(trial.SinceMs!.Value) : at.Uptime;
            TimeSpan left = proveWithin - (at.Uptime > since ? at.Uptime - since : TimeSpan.Zero);
            if (WhyNot(trial, there, left) is not { } reason)
            {
                Trial started = trial with { Starts = trial.Starts + 1, Boot = at.Boot, SinceMs = (long)since.TotalMilliseconds };
                return new SlotDecision(trial.Version, state with { Trial = started }, left);
            }

            state = state.GiveUp(reason, at.Now);
        }

        while (state.Current is { } current && !there.Contains(current))
        {
            state = state.GoBack(RollBackReason.Missing, at.Now);
        }

        return new SlotDecision(state.Current, state, null);
    }

    private static RollBackReason? WhyNot(Trial trial, IReadOnlySet<string> there, TimeSpan left) =>
        !there.Contains(trial.Version) ? RollBackReason.Missing
        : left < Least ? RollBackReason.Deadline
        : trial.Starts >= MostStarts ? RollBackReason.Ended
        : null;

    /// <summary>Who has installed another version at the device wants that one to run.</summary>
    private static SlotState OfThisBase(SlotState? known, SlotMoment at)
    {
        if (known is null || known.Base == at.Base)
        {
            return known ?? new SlotState(at.Base);
        }

        SlotState left = known.Trial is not null ? known.GiveUp(RollBackReason.BaseRenewed, at.Now) : known.GoBack(RollBackReason.BaseRenewed, at.Now);
        return left with { Base = at.Base, Current = null, Previous = null };
    }
}
