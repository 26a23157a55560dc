using Microsoft.Extensions.Logging;
using ThreeClassrooms.Agent.Children;
using ThreeClassrooms.Agent.Enrolment;
using ThreeClassrooms.Agent.Settings;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Updating;

/// <summary>What updates are made of, put together for the agent that runs.</summary>
internal sealed class UpdateParts
{
    private readonly TrialLoop _trial;
    private readonly DeviceTokens _tokens;
    private Func<TrialSigns> _signs = () => default;
    private Action<CommandResult, Action?> _tell = (_, _) => { };
    private bool _answered;

    /// <param name="client">Pinned to the hub.</param>
    /// <param name="inLesson">A class may be in the room.</param>
    public UpdateParts(AgentOptions options, HttpClient client, HubApi api, DeviceTokens tokens, Func<bool> inLesson, TimeProvider time, ILogger log)
    {
        _tokens = tokens;
        var store = new ReleaseStore(options.Data);
        var download = new PackageDownload(new DownloadSurroundings(
            client, async stop => await tokens.GetAsync(stop) is { IsOk: true } token ? token.Value : null, inLesson, (wait, stop) => Waits.PauseAsync(wait, time, stop), log));
        _trial = new TrialLoop(
            store, SlotStart.Chosen, TimeSpan.FromSeconds(options.UpdateHoldSeconds), SignsAsync, (result, taken) => _tell(result, taken), Replacement.Disarm, time, log);
        // A service manager says so to whom it starts (systemd.exec(5)); a release started by hand, past the base, is no base itself.
        bool startedAgain = options.Updates ?? Environment.GetEnvironmentVariable("INVOCATION_ID") is { Length: > 0 };
        bool replaceable = startedAgain && (SlotStart.Chosen is not null || !store.Holds(AppContext.BaseDirectory));
        Action = new UpdateAction(new UpdateSurroundings(
            AgentVersion.Current, () => replaceable && _trial.Settled, inLesson, (version, stop) => download.ManifestAsync(api, version, stop), download.FetchAsync,
            new PackageSignature(KeyFile(options), log), () => new DriveInfo(options.Data).AvailableFreeSpace, store, log));
    }

    public UpdateAction Action { get; }

    /// <summary>The one that is configured; else the one that came with the enrolment.</summary>
    private static string? KeyFile(AgentOptions options) =>
        options.ReleaseKey ?? (File.Exists(IdentityStore.ReleaseKeyFile(options.Data)) ? IdentityStore.ReleaseKeyFile(options.Data) : null);

    /// <param name="online">The broker knows this device to be there.</param>
    /// <param name="reported">It has taken the report of parts.</param>
    /// <param name="tell">Hands a result to the hub.</param>
    public Task RunAsync(Func<bool> online, Func<bool> reported, Action<CommandResult, Action?> tell, CancellationToken stop)
    {
        (_signs, _tell) = (() => new TrialSigns(online(), _answered, reported()), tell);
        return _trial.RunAsync(stop);
    }

    private async Task<TrialSigns> SignsAsync(CancellationToken stop)
    {
        _answered = _answered || (await _tokens.GetAsync(stop)).IsOk;
        return _signs();
    }
}
