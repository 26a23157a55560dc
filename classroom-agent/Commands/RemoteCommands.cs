using ThreeClassrooms.Agent.Playback;
using ThreeClassrooms.Agent.Telemetry;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Commands;

/// <summary>What staff at the hub may have this device do. Kinds that are not here it cannot do.</summary>
internal static class RemoteCommands
{
    private static readonly TimeSpan CardFor = TimeSpan.FromSeconds(30);

    /// <param name="screen">Null: nothing is shown here.</param>
    /// <param name="setMuted">False: the hub did not agree to it.</param>
    /// <param name="check">Reads and judges all parts.</param>
    /// <param name="rotate">False: the hub gave no password.</param>
    public static IReadOnlyDictionary<CommandKind, CommandAction> Of(
        ClassroomScreen? screen, Func<bool, CancellationToken, Task<bool>> setMuted, Func<IReadOnlyList<PartReport>> check, Func<CancellationToken, Task<bool>> rotate)
    {
        var actions = new Dictionary<CommandKind, CommandAction>
        {
            [CommandKind.SelfCheck] = (_, _) => Task.FromResult(CommandAnswer.Done with { Parts = check() }),
            [CommandKind.SetMute] = async (command, stop) => command.Value is not (0 or 1) ? CommandAnswer.Failed("value")
                : await setMuted(command.Value == 1, stop) ? CommandAnswer.Done : CommandAnswer.Failed("refused"),
            [CommandKind.RestartAgent] = (_, _) => Task.FromResult(CommandAnswer.Done with { Restart = true }),
            [CommandKind.RotateCredential] = async (_, stop) => await rotate(stop) ? CommandAnswer.Done : CommandAnswer.Failed("noPassword"),
        };
        if (screen is not null)
        {
            // During a lesson the players cover the card, and a class is not to be disturbed.
            actions[CommandKind.Identify] = (_, _) => Task.FromResult(screen.TryIdentify(CardFor) ? CommandAnswer.Done : CommandAnswer.Failed("inLesson"));
        }

        return actions;
    }
}
