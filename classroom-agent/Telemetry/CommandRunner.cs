using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using ThreeClassrooms.Agent.Children;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Telemetry;

/// <param name="Detail">Stable word of what went wrong; null when done.</param>
/// <param name="Restart">The agent is to end now; that it has come back is the answer.</param>
/// <param name="AnsweredLater">With <paramref name="Restart"/>: not that it has come back is the answer, but what the next start says (<see cref="CommandRunner.Tell"/>).</param>
internal sealed record CommandAnswer(
    CommandOutcome Outcome, string? Detail = null, IReadOnlyList<PartReport>? Parts = null, bool Restart = false, bool AnsweredLater = false)
{
    public static readonly CommandAnswer Done = new(CommandOutcome.Done);

    /// <summary>The machine goes down now; that it comes back is the answer.</summary>
    public static readonly CommandAnswer Going = new(CommandOutcome.Accepted);

    public static CommandAnswer Failed(string detail) => new(CommandOutcome.Failed, detail);
}

/// <summary>Carries out one kind of command. What it throws is an answer too: failed.</summary>
internal delegate Task<CommandAnswer> CommandAction(AgentCommand command, CancellationToken stop);

/// <summary>
/// Carries out the hub's commands, one after the other, each once: not what has expired by the hub's clock, not what was received before. Results that the broker
/// does not take are offered again for a while.
/// </summary>
/// <param name="actions">What this device can; all else is unsupported.</param>
/// <param name="hubNow">The hub's time.</param>
/// <param name="restart">Ends the agent so that its service manager starts it again.</param>
internal sealed class CommandRunner(
    ITelemetryLink link, IReadOnlyDictionary<CommandKind, CommandAction> actions, CommandMemory memory, Func<DateTimeOffset> hubNow, Action restart, TimeProvider time,
    ILogger log)
{
    /// <summary>More than staff can ask for; what is beyond it is dropped and expires at the hub.</summary>
    private const int MostWaiting = 32;

    private static readonly TimeSpan OfferAgain = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan OfferFor = TimeSpan.FromMinutes(10);

    private readonly Channel<AgentCommand> _commands = Channel.CreateBounded<AgentCommand>(MostWaiting);
    private readonly Channel<Told> _results = Channel.CreateUnbounded<Told>(new UnboundedChannelOptions { SingleReader = true });

    /// <summary>A result that comes of something else than a command of this run. May be called from anywhere, at any time.</summary>
    /// <param name="taken">Called when the broker has it; null: nobody wants to know.</param>
    public void Tell(CommandResult result, Action? taken = null) => _results.Writer.TryWrite(new Told(result, taken));

    public async Task RunAsync(CancellationToken stop)
    {
        link.CommandReceived += Receive;
        try
        {
            if (memory.TakeRestarted() is { } restarted)
            {
                Tell(new CommandResult(restarted, CommandOutcome.Done, time.GetUtcNow()));
            }

            await Task.WhenAll(WorkAsync(stop), DeliverAsync(stop));
        }
        catch (OperationCanceledException)
        {
            // The agent ends.
        }
        finally
        {
            link.CommandReceived -= Receive;
        }
    }

    private void Receive(AgentCommand command) => _commands.Writer.TryWrite(command);

    private async Task WorkAsync(CancellationToken stop)
    {
        await foreach (AgentCommand command in _commands.Reader.ReadAllAsync(stop))
        {
            if (memory.TryRemember(command.Id))
            {
                CommandAnswer answer = await AnswerAsync(command, stop);
                log.CommandAnswered(command.Kind, command.Id, answer.AnsweredLater ? CommandOutcome.Accepted : answer.Outcome, answer.Detail);
                if (answer.Restart)
                {
                    if (!answer.AnsweredLater)
                    {
                        memory.OnRestarting(command.Id);
                    }

                    restart();
                    return;
                }

                if (answer.Outcome != CommandOutcome.Accepted) // that has been said
                {
                    Tell(new CommandResult(command.Id, answer.Outcome, time.GetUtcNow(), answer.Detail, answer.Parts));
                }
            }
        }
    }

    private async Task<CommandAnswer> AnswerAsync(AgentCommand command, CancellationToken stop)
    {
        if (hubNow() > command.ExpiresAt)
        {
            return new CommandAnswer(CommandOutcome.Expired);
        }

        if (!actions.TryGetValue(command.Kind, out CommandAction? action))
        {
            return new CommandAnswer(CommandOutcome.Unsupported);
        }

        await link.PublishAsync(UpKind.Result, new CommandResult(command.Id, CommandOutcome.Accepted, time.GetUtcNow()), stop);
        try
        {
            return await action(command, stop);
        }
        catch (Exception e) when (e is not OperationCanceledException || !stop.IsCancellationRequested)
        {
            log.CommandFailed(e, command.Kind);
            return CommandAnswer.Failed("error");
        }
    }

    private async Task DeliverAsync(CancellationToken stop)
    {
        await foreach ((CommandResult result, Action? taken) in _results.Reader.ReadAllAsync(stop))
        {
            long since = time.GetTimestamp();
            bool isTaken = false;
            while (!isTaken && !stop.IsCancellationRequested && time.GetElapsedTime(since) < OfferFor)
            {
                isTaken = (await link.PublishAsync(UpKind.Result, result, stop)).IsOk;
                if (!isTaken)
                {
                    await Waits.PauseAsync(OfferAgain, time, stop);
                }
            }

            if (isTaken)
            {
                taken?.Invoke();
            }
        }
    }

    private readonly record struct Told(CommandResult Result, Action? Taken);
}
