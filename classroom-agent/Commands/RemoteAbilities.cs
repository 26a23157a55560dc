using ThreeClassrooms.Agent.Capture;
using ThreeClassrooms.Agent.Telemetry;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Commands;

/// <summary>What this device can beyond what every device can; what is null it cannot.</summary>
/// <param name="Still">A JPEG of what is captured now, or null when no picture comes; null: it captures nothing.</param>
/// <param name="PicturesAllowed">The room's own setting: false forbids stills, whatever the hub says.</param>
/// <param name="InLesson">Pupils may be in the room.</param>
/// <param name="Log">The packed log, or null when there is none.</param>
/// <param name="HandIn">Puts bytes of a content type to a path of the hub; false: the hub did not take them.</param>
/// <param name="SetVolume">Per cent; false: no tool of the machine could.</param>
/// <param name="Reboot">False: the machine refused.</param>
internal sealed record RemoteAbilities(
    Func<CancellationToken, Task<byte[]?>>? Still, bool PicturesAllowed, Func<bool> InLesson, Func<byte[]?> Log, Func<string, byte[], string, CancellationToken, Task<bool>> HandIn,
    Func<int, CancellationToken, Task<bool>>? SetVolume, LocalRecording? Recording, Func<CancellationToken, Task<bool>>? Reboot)
{
    /// <summary>The actions for them.</summary>
    public IEnumerable<KeyValuePair<CommandKind, CommandAction>> Actions()
    {
        yield return new(CommandKind.FetchLogs, FetchLogsAsync);
        if (Still is not null)
        {
            yield return new(CommandKind.Snapshot, SnapshotAsync);
        }

        if (SetVolume is not null)
        {
            yield return new(CommandKind.SetVolume, async (command, stop) =>
                command.Value is not (>= 0 and <= 100) ? CommandAnswer.Failed("value") : await SetVolume(command.Value.Value, stop) ? CommandAnswer.Done : CommandAnswer.Failed("error"));
        }

        // A lesson is always recorded and nothing else ever is: there is nothing to pause or to resume.
        yield return new(CommandKind.StopRecording, (_, _) => Task.FromResult(
            Recording is null ? CommandAnswer.Failed("noRecording") : Recording.IsOn ? CommandAnswer.Failed("inLesson") : CommandAnswer.Done));
        yield return new(CommandKind.StartRecording, (_, _) => Task.FromResult(Recording is null ? CommandAnswer.Failed("noRecording") : CommandAnswer.Done));
        yield return new(CommandKind.Reboot, RebootAsync);
    }

    /// <summary>Refused in the room itself too, whatever the hub has checked: its copy of the timetable says whether pupils may be there.</summary>
    private async Task<CommandAnswer> SnapshotAsync(AgentCommand command, CancellationToken stop)
    {
        if (!PicturesAllowed)
        {
            return CommandAnswer.Failed("notAgreed");
        }

        if (InLesson())
        {
            return CommandAnswer.Failed("inLesson");
        }

        return await Still!(stop) is { } picture ? await HandInAsync(command, picture, "image/jpeg", stop) : CommandAnswer.Failed("noPicture");
    }

    private async Task<CommandAnswer> FetchLogsAsync(AgentCommand command, CancellationToken stop) =>
        Log() is { } log ? await HandInAsync(command, log, "application/gzip", stop) : CommandAnswer.Failed("noLog");

    /// <summary>To the command's own place and nowhere else, whatever path the command names.</summary>
    private async Task<CommandAnswer> HandInAsync(AgentCommand command, byte[] bytes, string contentType, CancellationToken stop) =>
        await HandIn(DeviceApi.CommandFile.Replace("{id:guid}", command.Id.ToString(), StringComparison.Ordinal), bytes, contentType, stop)
            ? CommandAnswer.Done
            : CommandAnswer.Failed("notHandedIn");

    private async Task<CommandAnswer> RebootAsync(AgentCommand command, CancellationToken stop) =>
        Reboot is null ? CommandAnswer.Failed("notPermitted") : await Reboot(stop) ? CommandAnswer.Going : CommandAnswer.Failed("notPermitted");
}
