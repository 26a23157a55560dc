using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Devices.Link;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Devices.Commands;

/// <summary>
/// Drives <see cref="CommandCourse"/>: sends what waits, takes what devices answer, gives up what is too late. Everything it knows is in the database, so a hub that
/// was started anew goes on where it was. With no command open it sleeps.
/// </summary>
internal sealed class CommandLoop(FleetLink link, FleetDevices devices, IServiceScopeFactory scopes, TimeProvider clock, ILogger<CommandLoop> log)
    : BackgroundService, IFleetListener
{
    /// <summary>Answers not looked at yet; a device that floods the hub loses its own.</summary>
    private const int MostWaiting = 20_000;

    /// <summary>Sent at once, before it is noted that they were.</summary>
    private const int AtOnce = 50;

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    /// <summary>A device that is not connected comes with a birth; this is for the rest.</summary>
    private static readonly TimeSpan TryAgain = TimeSpan.FromSeconds(5);

    private readonly Channel<Heard> _heard = Channel.CreateBounded<Heard>(new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly Dictionary<Guid, DateTimeOffset> _tried = [];
    private volatile HashSet<string> _waiting = [];
    private volatile bool _tryAll;

    /// <summary>Some command came further. Raised by the loop; must not block.</summary>
    public event Action? Changed;

    /// <summary>Call after a command was stored or taken back.</summary>
    public void Wake()
    {
        try
        {
            _wake.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is awake already.
        }
    }

    public void OnState(string deviceId, AgentState state, bool retained)
    {
        if (state.Online && _waiting.Contains(deviceId) && DeviceStart.Of(state) is { } start)
        {
            Hear(new Heard(deviceId, Start: start));
        }
    }

    public void OnResult(string deviceId, CommandResult result) => Hear(new Heard(deviceId, result));

    public void OnBlind(bool blind, DateTimeOffset at)
    {
        if (!blind)
        {
            _tryAll = true;
            Wake();
        }
    }

    public override void Dispose()
    {
        _wake.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        List<Heard> heard = [];
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (_heard.Reader.TryRead(out Heard? one))
                {
                    heard.Add(one);
                }

                bool open = await StepAsync(heard, stoppingToken);
                heard.Clear();
                await _wake.WaitAsync(open ? LookEvery : Timeout.InfiniteTimeSpan, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (DbUpdateConcurrencyException)
            {
                // Somebody took one back at this moment: decided anew, with what was heard.
            }
            catch (Exception fault)
            {
                log.StepFailed(fault);
                await Task.Delay(LookEvery, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private void Hear(Heard heard)
    {
        if (_heard.Writer.TryWrite(heard))
        {
            Wake();
        }
    }

    /// <returns>Whether commands are open.</returns>
    private async Task<bool> StepAsync(IReadOnlyList<Heard> heard, CancellationToken stop)
    {
        await using AsyncServiceScope scope = scopes.CreateAsyncScope();
        HubDbContext db = scope.ServiceProvider.GetRequiredService<HubDbContext>();
        List<Guid> answered = [.. heard.Where(h => h.Result is not null).Select(h => h.Result!.Id).Distinct()];
        List<DeviceCommand> commands = await db.Set<DeviceCommand>().Where(c => c.FinishedAt == null || answered.Contains(c.Id)).OrderBy(c => c.Id).ToListAsync(stop);
        _waiting = commands.Where(c => c.FinishedAt is null).Select(c => c.DeviceId).ToHashSet(StringComparer.Ordinal);
        bool changed = Take(heard, commands);
        changed |= await SaveAsync(db, stop);
        foreach (DeviceCommand[] some in Due(commands).Chunk(AtOnce))
        {
            await Task.WhenAll(some.Select(c => SendAsync(c, stop)));
            changed |= await SaveAsync(db, stop);
        }

        foreach (Guid over in _tried.Keys.Except(commands.Where(c => c.State == CommandState.Queued).Select(c => c.Id)).ToList())
        {
            _tried.Remove(over);
        }

        if (changed)
        {
            Changed?.Invoke();
        }

        return commands.Exists(c => c.FinishedAt is null);
    }

    /// <summary>What was heard, in its order; then what time alone decides.</summary>
    private bool Take(IReadOnlyList<Heard> heard, List<DeviceCommand> commands)
    {
        DateTimeOffset now = clock.GetUtcNow();
        bool changed = false;
        foreach (Heard one in heard)
        {
            foreach (DeviceCommand command in commands.Where(c => c.DeviceId == one.DeviceId && (one.Result is null ? c.FinishedAt is null : c.Id == one.Result.Id)))
            {
                if (one.Result is { } result)
                {
                    changed |= Move(command, command.Course.OnResult(result.Outcome, result.Detail, now));
                    if (result is { Outcome: CommandOutcome.Done, Parts: not null } && command.PartsSeen is null)
                    {
                        (command.PartsSeen, command.Findings) = PartFinding.Keep(result.Parts);
                    }
                }
                else
                {
                    _tried.Remove(command.Id);
                    changed |= Move(command, command.Course.OnBirth(one.Start!, now));
                }
            }
        }

        foreach (DeviceCommand command in commands)
        {
            changed |= Move(command, command.Course.OnTime(now));
        }

        return changed;
    }

    private List<DeviceCommand> Due(List<DeviceCommand> commands)
    {
        DateTimeOffset now = clock.GetUtcNow();
        bool all = _tryAll;
        _tryAll = false;
        return commands.FindAll(c => c.Course.WantsSending(now) && (all || !_tried.TryGetValue(c.Id, out DateTimeOffset last) || now - last >= TryAgain));
    }

    private async Task SendAsync(DeviceCommand command, CancellationToken stop)
    {
        DeviceStart? before = DeviceStart.Of(devices.LastStateOf(command.DeviceId));
        FleetSend sent = await link.SendAsync(command.DeviceId, command.ToWire(), stop);
        lock (_tried)
        {
            _tried[command.Id] = clock.GetUtcNow();
        }

        Move(command, command.Course.OnSend(sent, before, clock.GetUtcNow()));
    }

    private bool Move(DeviceCommand command, CommandCourse next)
    {
        CommandCourse before = command.Course;
        if (next == before)
        {
            return false;
        }

        command.Course = next;
        log.CommandMoved(command.Kind, command.Id, command.DeviceId, next.State, next.Reason);
        return true;
    }

    private static async Task<bool> SaveAsync(HubDbContext db, CancellationToken stop) => await db.SaveChangesAsync(stop) > 0;

    /// <param name="Result">Null: a birth.</param>
    private sealed record Heard(string DeviceId, CommandResult? Result = null, DeviceStart? Start = null);
}
