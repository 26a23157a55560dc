using System.Globalization;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Shell;

namespace ThreeClassrooms.Hub.Devices.Commands;

/// <summary>Says commands and what became of them in plain words of the request's language. Thread-safe.</summary>
internal sealed class CommandWords(Text text, CountyClock clock)
{
    public string Name(CommandKind kind) => text.Word("Command.Name", kind);

    public string What(CommandKind kind) => text.Word("Command.What", kind);

    /// <summary>Where it is now, or how it ended, with what to try.</summary>
    public string State(DeviceCommand command) => command.State switch
    {
        CommandState.Queued => text["Command.State.Queued", clock.Time(command.ExpiresAt, seconds: true)],
        CommandState.Sent or CommandState.Acked or CommandState.Cancelled => text.Word("Command.State", command.State),
        CommandState.Done => Findings(command) is { Length: > 0 } findings ? $"{Took(command)} · {findings}" : Took(command),
        CommandState.Failed or CommandState.Expired => Reason(command.Reason),
    };

    /// <summary>The time; with the day unless it is today.</summary>
    public string Moment(DateTimeOffset at) => clock.DayOf(at) == clock.Today
        ? clock.Time(at)
        : text["Health.DayTime", clock.DayOf(at).ToString(text["Format.ShortDay"], CultureInfo.CurrentCulture), clock.Time(at)];

    public static string Tone(CommandState state) => state switch
    {
        CommandState.Queued or CommandState.Sent or CommandState.Acked => "is-info",
        CommandState.Done => "is-good",
        CommandState.Failed or CommandState.Expired => "is-bad",
        CommandState.Cancelled => "",
    };

    public static string Icon(CommandKind kind) => kind switch
    {
        CommandKind.SelfCheck => "heartbeat",
        CommandKind.Snapshot => "camera",
        CommandKind.Identify => "device-tv",
        CommandKind.RestartAgent => "refresh",
        CommandKind.Reboot => "power",
        CommandKind.FetchLogs => "download",
        CommandKind.SetVolume => "volume",
        CommandKind.SetMute => "microphone-off",
        CommandKind.StartRecording => "player-record",
        CommandKind.StopRecording => "player-stop",
        CommandKind.Update => "versions",
        CommandKind.RotateCredential => "key",
    };

    /// <summary>Words for a device's stable word; those nobody knows here are "other".</summary>
    public string Reason(string? reason) => text["Command.Reason." + (reason is not null && CommandReasons.Known.Contains(reason) ? reason : CommandReasons.Other)];

    private string Took(DeviceCommand command) => (command.FinishedAt - command.AskedAt) is { } took && took < TimeSpan.FromMinutes(2)
        ? text["Command.DoneIn", Math.Max(1, Math.Round(took.TotalSeconds)).ToString(CultureInfo.CurrentCulture)]
        : text["Command.Done"];

    private string Findings(DeviceCommand command)
    {
        if (command.PartsSeen is not { } seen)
        {
            return "";
        }

        IReadOnlyList<PartFinding> findings = PartFinding.Read(command.Findings);
        return findings.Count == 0
            ? text["Command.Findings.None", seen]
            : text["Command.Findings.Some", seen, string.Join(text["Command.Join"], findings.Select(f => text["Command.Finding", text.Word("Part", f.Kind), text.Word("PartStatus", f.Status)]))];
    }
}
