using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Devices.Link;

namespace ThreeClassrooms.Hub.Devices.Commands;

/// <summary>
/// The course of one command: queued → sent → acked → done, failed, expired or cancelled. Pure and immutable: every call gives the course that follows, or the same
/// object when nothing changes. What is done or failed stays so; what was given up is corrected by a result that comes late. Times are UTC of the hub.
/// </summary>
/// <param name="ExpiresAt">Exclusive: a device that gets it later does nothing.</param>
/// <param name="ResultBy">Until then a device that has begun may answer.</param>
/// <param name="Before">How the device had last started when this was sent; null: not known.</param>
/// <param name="Reason">Stable word of why it failed or expired; null: none.</param>
internal sealed record CommandCourse(
    CommandKind Kind, DateTimeOffset AskedAt, DateTimeOffset ExpiresAt, DateTimeOffset ResultBy, CommandState State = CommandState.Queued, DateTimeOffset? SentAt = null,
    DateTimeOffset? AckedAt = null, DateTimeOffset? FinishedAt = null, string? Reason = null, DeviceStart? Before = null)
{
    /// <summary>Clocks of hub and device differ: so long after the end a device may still begin.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public bool IsOpen => State is CommandState.Queued or CommandState.Sent or CommandState.Acked;

    /// <summary>When <see cref="OnTime"/> has something to do; null: never.</summary>
    public DateTimeOffset? Deadline => State switch
    {
        CommandState.Queued => ExpiresAt,
        CommandState.Sent => ExpiresAt + Patience,
        CommandState.Acked => ResultBy + Patience,
        _ => null,
    };

    /// <summary>Nobody has it yet and it is not too late.</summary>
    public bool WantsSending(DateTimeOffset now) => State == CommandState.Queued && now < ExpiresAt;

    /// <summary>It was given to the broker, or was not.</summary>
    /// <param name="before">The device's last known start.</param>
    public CommandCourse OnSend(FleetSend send, DeviceStart? before, DateTimeOffset now) => State != CommandState.Queued ? this : send switch
    {
        FleetSend.Sent => this with { State = CommandState.Sent, SentAt = now, Before = before },
        FleetSend.Refused => Finished(CommandState.Failed, CommandReasons.BrokerRefused, now),
        FleetSend.Expired => Finished(CommandState.Expired, CommandReasons.NotReached, now),
        FleetSend.NobodyListens or FleetSend.NotConnected => this,
    };

    /// <summary>The device answered. At least once: an answer that was heard before changes nothing.</summary>
    public CommandCourse OnResult(CommandOutcome outcome, string? detail, DateTimeOffset now)
    {
        if (State is CommandState.Done or CommandState.Failed)
        {
            return this;
        }

        string? word = CommandReasons.Read(detail);
        return outcome switch
        {
            CommandOutcome.Accepted when State is CommandState.Queued or CommandState.Sent => this with { State = CommandState.Acked, SentAt = SentAt ?? now, AckedAt = now },
            CommandOutcome.Done => Answered(CommandState.Done, null, now),
            CommandOutcome.Failed => Answered(CommandState.Failed, word ?? CommandReasons.Other, now),
            CommandOutcome.Unsupported => Answered(CommandState.Failed, word ?? CommandReasons.Unsupported, now),
            CommandOutcome.Expired when IsOpen => Finished(CommandState.Expired, CommandReasons.TooLate, now),
            _ => this,
        };
    }

    /// <summary>The device came online. Who was told to start anew and has done so is done, also when its own answer was lost.</summary>
    public CommandCourse OnBirth(DeviceStart start, DateTimeOffset now) => State == CommandState.Acked && Before is { } before && Kind switch
    {
        CommandKind.RestartAgent => start.Agent is not null && before.Agent is not null && start.Agent != before.Agent,
        CommandKind.Reboot => start.Boot != before.Boot,
        _ => false,
    } ? Finished(CommandState.Done, null, now) : this;

    public CommandCourse OnTime(DateTimeOffset now) => Deadline is { } deadline && now >= deadline
        ? Finished(CommandState.Expired, State == CommandState.Acked ? CommandReasons.NoResult : State == CommandState.Sent ? CommandReasons.NoAnswer : CommandReasons.NotReached, now)
        : this;

    /// <summary>Taken back; only what nobody has yet can be.</summary>
    public CommandCourse OnCancel(DateTimeOffset now) => State == CommandState.Queued ? Finished(CommandState.Cancelled, null, now) : this;

    private CommandCourse Finished(CommandState state, string? reason, DateTimeOffset now) => this with { State = state, FinishedAt = now, Reason = reason };

    private CommandCourse Answered(CommandState state, string? reason, DateTimeOffset now) =>
        Finished(state, reason, now) with { SentAt = SentAt ?? now, AckedAt = AckedAt ?? now };
}

/// <summary>One start of a device: of its machine, and of the agent on it.</summary>
/// <param name="Agent">Null: an agent that does not tell.</param>
internal sealed record DeviceStart(Guid Boot, Guid? Agent)
{
    public static DeviceStart? Of(AgentState? state) => state is null || state.Boot == Guid.Empty ? null : new DeviceStart(state.Boot, state.Start);
}
