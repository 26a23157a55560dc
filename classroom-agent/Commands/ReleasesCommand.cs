using ThreeClassrooms.Agent.Settings;
using ThreeClassrooms.Agent.Updating;

namespace ThreeClassrooms.Agent.Commands;

/// <summary><c>agent version</c>, <c>agent releases</c>, <c>agent roll-back</c>: what runs on this device, and the way back without the hub.</summary>
internal static class ReleasesCommand
{
    public static Task<int> VersionAsync(AgentOptions options, CancellationToken stop)
    {
        Console.WriteLine(AgentVersion.Current);
        return Task.FromResult(ExitCodes.Done);
    }

    public static Task<int> ShowAsync(AgentOptions options, CancellationToken stop)
    {
        SlotState state = new ReleaseStore(options.Data).Load() ?? new SlotState(AgentVersion.Current);
        string installed = Words.Format("ReleaseBase", state.Base);
        Console.WriteLine(Words.Format("ReleaseCurrent", state.Current ?? installed));
        Console.WriteLine(Words.Format("ReleasePrevious", state.Current is null ? "—" : state.Previous ?? installed));
        if (state.Trial is { } trial)
        {
            Console.WriteLine(Words.Format("ReleaseTrial", trial.Version, trial.Starts, SlotChoice.MostStarts));
        }

        if (state.LastRollBack is { } left)
        {
            Console.WriteLine(Words.Format("ReleaseRolledBack", left.Version, left.At.ToLocalTime().ToString("yyyy-MM-dd HH:mm", Words.Culture), Words.Get("RollBack" + left.Reason)));
        }

        return Task.FromResult(ExitCodes.Done);
    }

    /// <summary>The trial is ended, or the release that runs is left, for the former one; at the agent's next start.</summary>
    public static async Task<int> RollBackAsync(AgentOptions options, CancellationToken stop)
    {
        var store = new ReleaseStore(options.Data);
        if (store.Load() is not { } state || (state.Trial ?? (object?)state.Current) is null)
        {
            await Console.Error.WriteLineAsync(Words.Format("NothingToRollBack", AgentVersion.Current));
            return ExitCodes.Failed;
        }

        if (!Children.SocketFolder.IsOurs(store.Folder))
        {
            await Console.Error.WriteLineAsync(Words.Format("RollBackAsOwner", store.Folder));
            return ExitCodes.Failed;
        }

        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        SlotState former = state.Trial is not null ? state.GiveUp(RollBackReason.ByHand, now) : state.GoBack(RollBackReason.ByHand, now);
        if (!store.TrySave(former))
        {
            await Console.Error.WriteLineAsync(Words.Format("RollBackNotKept", store.Folder));
            return ExitCodes.Failed;
        }

        Console.WriteLine(Words.Format("RollBackNext", former.Current ?? Words.Format("ReleaseBase", former.Base)));
        return ExitCodes.Done;
    }
}
