using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Hub.Devices.Commands;

/// <param name="Lifetime">How long it may be on its way; the broker drops it afterwards.</param>
/// <param name="Work">How long a device may be at it.</param>
/// <param name="Disturbs">A lesson in the room would be interrupted.</param>
/// <param name="Harmless">A school's head may ask it of the own school's devices, too.</param>
/// <param name="Sure">Asked for once more before it is sent, lesson or not.</param>
/// <param name="Together">May be asked of many devices at once.</param>
internal sealed record CommandRule(TimeSpan Lifetime, TimeSpan Work, bool Disturbs = false, bool Harmless = false, bool Sure = false, bool Together = false);

/// <param name="Value">See <see cref="AgentCommand.Value"/>.</param>
/// <param name="Text">Of an update the version.</param>
/// <param name="Together">Asked of many devices under this id.</param>
internal sealed record CommandWish(int? Value = null, string? Text = null, Guid? Together = null);

/// <summary>What the hub lets staff ask, and how.</summary>
internal static class CommandRules
{
    private static readonly TimeSpan Short = TimeSpan.FromMinutes(1), Long = TimeSpan.FromMinutes(2);

    private static readonly Dictionary<CommandKind, CommandRule> Rules = new()
    {
        [CommandKind.SelfCheck] = new(Short, Short, Harmless: true, Together: true),
        [CommandKind.Identify] = new(Short, Short, Harmless: true, Together: true),
        [CommandKind.RestartAgent] = new(Long, TimeSpan.FromMinutes(3), Disturbs: true, Together: true),
        [CommandKind.Snapshot] = new(Short, Short),
        [CommandKind.FetchLogs] = new(Long, Long),
        [CommandKind.SetMute] = new(Short, Short, Disturbs: true),
        [CommandKind.SetVolume] = new(Short, Short),
        [CommandKind.StopRecording] = new(Short, Short, Disturbs: true),
        [CommandKind.StartRecording] = new(Short, Short),
        [CommandKind.Reboot] = new(Long, TimeSpan.FromMinutes(10), Disturbs: true, Sure: true),
        [CommandKind.RotateCredential] = new(Long, Long),
        [CommandKind.Update] = new(TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(30), Disturbs: true),
    };

    /// <summary>In the order in which they are offered on every device's page; an update only when there is one.</summary>
    public static IEnumerable<CommandKind> Offered => Rules.Keys.Where(k => k != CommandKind.Update);

    /// <returns>Null: the hub does not send this kind.</returns>
    public static CommandRule? Of(CommandKind kind) => Rules.GetValueOrDefault(kind);

    /// <summary>Whether the kind takes this. Nobody opens a room's microphone from afar: it is muted only.</summary>
    public static bool Takes(CommandKind kind, CommandWish wish) => kind switch
    {
        CommandKind.SetMute => wish is { Value: 1, Text: null },
        CommandKind.SetVolume => wish is { Value: >= 0 and <= 100, Text: null },
        CommandKind.Update => wish.Value is null && AgentReleases.IsVersion(wish.Text),
        _ => wish is { Value: null, Text: null },
    };
}
