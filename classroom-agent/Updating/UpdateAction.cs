using Microsoft.Extensions.Logging;
using ThreeClassrooms.Agent.Enrolment;
using ThreeClassrooms.Agent.Telemetry;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Updating;

/// <summary>What an update needs of the rest of the agent.</summary>
/// <param name="Running">The version that runs.</param>
/// <param name="Replaceable">Who starts the agent again starts the base, and nothing is on trial.</param>
/// <param name="InLesson">A class may be in the room.</param>
/// <param name="Manifest">Asks the hub for a release.</param>
/// <param name="Fetch">Brings its package to a file; null: it is there.</param>
/// <param name="FreeBytes">Of the data folder.</param>
internal sealed record UpdateSurroundings(
    string Running, Func<bool> Replaceable, Func<bool> InLesson, Func<string, CancellationToken, Task<Result<AgentRelease, HubRefusal>>> Manifest,
    Func<AgentRelease, string, CancellationToken, Task<UpdateRefusal?>> Fetch, PackageSignature Signature, Func<long> FreeBytes, ReleaseStore Store, ILogger Log);

/// <summary>
/// Carries out <see cref="CommandKind.Update"/>: stages the release, writes down that it is to be tried, and ends the agent. What becomes of it the next start says. The
/// command names a version and no more; what it is, and its digest, comes from the hub over HTTPS. Until the last step nothing that runs is touched.
/// </summary>
internal sealed class UpdateAction(UpdateSurroundings around)
{
    /// <summary>The package, its files, and as much again for what a device writes meanwhile.</summary>
    private const int SpaceTimes = 3;

    /// <summary>ENOSPC and EDQUOT, as the runtime hands them on.</summary>
    private static readonly int[] DiskFull = [28, 122];

    public async Task<CommandAnswer> RunAsync(AgentCommand command, CancellationToken stop)
    {
        if (!AgentReleases.IsVersion(command.Text))
        {
            return CommandAnswer.Failed(UpdateReasons.NoRelease);
        }

        string version = command.Text!;
        bool replaceable = around.Replaceable();
        if (version == around.Running && replaceable)
        {
            return CommandAnswer.Done;
        }

        UpdateRefusal? refusal = !replaceable ? UpdateRefusal.NotReplaceable : around.InLesson() ? UpdateRefusal.InLesson : await StageAsync(version, stop);
        refusal ??= around.InLesson() ? UpdateRefusal.InLesson : Begin(version, command.Id);
        if (refusal is { } why)
        {
            around.Log.NotTaken(version, why);
            return CommandAnswer.Failed(why.Word());
        }

        around.Log.Staged(version);
        return CommandAnswer.Done with { Restart = true, AnsweredLater = true };
    }

    private static bool IsDiskFull(IOException e) => DiskFull.Contains(e.HResult & 0xFFFF);

    private async Task<UpdateRefusal?> StageAsync(string version, CancellationToken stop)
    {
        Result<AgentRelease, HubRefusal> told = await around.Manifest(version, stop);
        if (!told.IsOk)
        {
            around.Log.NoManifest(version, told.Refusal!.Value);
            return told.Refusal == HubRefusal.NotUnderstood ? UpdateRefusal.NoRelease : UpdateRefusal.Download;
        }

        AgentRelease release = told.Value;
        if (release.Version != version || release.Sha256 is not { Length: 64 } digest || !digest.All(char.IsAsciiHexDigitLower) || release.Bytes is < 1 or > AgentReleases.MaxBytes)
        {
            return UpdateRefusal.NoRelease;
        }

        if (around.FreeBytes() < SpaceTimes * release.Bytes)
        {
            return UpdateRefusal.NoSpace;
        }

        try
        {
            AtomicFile.MakeFolder(around.Store.Folder);
            string part = around.Store.PartOf(release);
            if (await around.Fetch(release, part, stop) is { } refusal)
            {
                return refusal;
            }

            UpdateRefusal? fault = !around.Signature.IsGood(release) ? UpdateRefusal.Signature : await Task.Run(() => Unpack(part, version), stop);
            File.Delete(part);
            return fault;
        }
        catch (IOException e) when (IsDiskFull(e))
        {
            return UpdateRefusal.NoSpace;
        }
    }

    private UpdateRefusal? Unpack(string part, string version)
    {
        string fresh = around.Store.FreshFolderOf(version);
        ReleaseStore.Remove(fresh);
        string? fault;
        try
        {
            using FileStream package = File.OpenRead(part);
            fault = PackageUnpacking.Unpack(package, fresh, PackageLimits.Ordinary) ?? (ReleaseStore.IsAgent(fresh, version) ? null : "no agent of this version");
        }
        catch (IOException e) when (!IsDiskFull(e))
        {
            fault = e.Message; // a file where a folder should be
        }

        if (fault is not null)
        {
            around.Log.BadPackage(version, fault);
            ReleaseStore.Remove(fresh);
            return UpdateRefusal.Package;
        }

        around.Store.Place(version);
        return null;
    }

    private UpdateRefusal? Begin(string version, Guid command)
    {
        SlotState state = around.Store.Load() ?? new SlotState(around.Running);
        return around.Store.TrySave(state.Begin(version, command)) ? null : UpdateRefusal.NoSpace;
    }
}
