using ThreeClassrooms.Agent.Playback;
using ThreeClassrooms.Agent.Telemetry;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Commands;

/// <summary>What staff at the hub may have this device do. Kinds that are not here it cannot do.</summary>
internal static class RemoteCommands
{
    private static readonly TimeSpan CardFor = TimeSpan.FromSeconds(30);

    /// <param name="screen">Null: nothing is shown here.</param>
    /// <param name="mute">Closes the microphone; false: the hub did not agree to it.</param>
    /// <param name="check">Opens camera and microphone for a moment, reads and judges all parts.</param>
    /// <param name="rotate">False: the hub gave no password.</param>
    /// <param name="update">Carries out <see cref="CommandKind.Update"/>.</param>
    /// <param name="abilities">What else this device can; null: nothing.</param>
    public static IReadOnlyDictionary<CommandKind, CommandAction> Of(
        ClassroomScreen? screen, Func<CancellationToken, Task<bool>> mute, Func<CancellationToken, Task<IReadOnlyList<PartReport>>> check, Func<CancellationToken, Task<bool>> rotate,
        CommandAction update, RemoteAbilities? abilities = null)
    {
        var actions = new Dictionary<CommandKind, CommandAction>
        {
            [CommandKind.SelfCheck] = async (_, stop) => CommandAnswer.Done with { Parts = await check(stop) },
            // A room's microphone is opened by the room's own hand only, whoever asks.
            [CommandKind.SetMute] = async (command, stop) => command.Value switch
            {
                1 => await mute(stop) ? CommandAnswer.Done : CommandAnswer.Failed("refused"),
                0 => CommandAnswer.Failed("atTheDeviceOnly"),
                _ => CommandAnswer.Failed("value"),
            },
            [CommandKind.RestartAgent] = (_, _) => Task.FromResult(CommandAnswer.Done with { Restart = true }),
            [CommandKind.Update] = update,
            [CommandKind.RotateCredential] = async (_, stop) => await rotate(stop) ? CommandAnswer.Done : CommandAnswer.Failed("noPassword"),
        };
        if (screen is not null)
        {
            // During a lesson the players cover the card, and a class is not to be disturbed.
            actions[CommandKind.Identify] = (_, _) => Task.FromResult(screen.TryIdentify(CardFor) ? CommandAnswer.Done : CommandAnswer.Failed("inLesson"));
        }

        foreach ((CommandKind kind, CommandAction action) in abilities?.Actions() ?? [])
        {
            actions[kind] = action;
        }

        return actions;
    }
}
