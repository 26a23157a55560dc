using Microsoft.Extensions.Logging.Abstractions;
using ThreeClassrooms.Agent.Commands;
using ThreeClassrooms.Agent.Playback;
using ThreeClassrooms.Agent.Telemetry;
using ThreeClassrooms.Agent.Tests.Enrolment;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.TestKit;
using ThreeClassrooms.TestKit.Time;

namespace ThreeClassrooms.Agent.Tests.Telemetry;

public sealed class CommandRunnerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualTime _time = new();
    private readonly FakeLink _link = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<bool> _muted = [];
    private int _restarts;

    [Fact]
    public async Task CommandIsAccepted_ThenDone_AndOnlyOnce()
    {
        Task running = Start();
        _link.Connect();
        AgentCommand mute = Command(CommandKind.SetMute, 1);
        _link.Command(mute);
        _link.Command(mute);
        await AnsweredAsync(mute, CommandOutcome.Accepted, CommandOutcome.Done);
        await StopAsync(running);

        using var again = new CancellationTokenSource();
        Task restarted = Start(again.Token);
        _link.Command(mute);
        AgentCommand next = Command(CommandKind.SelfCheck);
        _link.Command(next);
        await AnsweredAsync(next, CommandOutcome.Accepted, CommandOutcome.Done);
        Assert.Equal([true], _muted);
        Assert.Equal("camera", Assert.Single(Results(next).Last().Parts!).Id);
        await again.CancelAsync();
        await restarted;
    }

    [Fact]
    public async Task ExpiredUnsupportedAndFailedCommands_SaySo_AndDoNothing()
    {
        Task running = Start();
        _link.Connect();
        AgentCommand late = Command(CommandKind.SetMute, 1) with { ExpiresAt = _time.Now.AddSeconds(-1) };
        AgentCommand reboot = Command(CommandKind.Reboot);
        AgentCommand identify = Command(CommandKind.Identify);
        AgentCommand odd = Command(CommandKind.SetMute, 5);
        AgentCommand unmute = Command(CommandKind.SetMute, 0);
        AgentCommand unheard = Command((CommandKind)99);
        _link.Rotates = false;
        AgentCommand rotate = Command(CommandKind.RotateCredential);
        foreach (AgentCommand command in new[] { late, reboot, identify, odd, unmute, unheard, rotate })
        {
            _link.Command(command);
        }

        await AnsweredAsync(rotate, CommandOutcome.Accepted, CommandOutcome.Failed);
        await AnsweredAsync(late, CommandOutcome.Expired);
        await AnsweredAsync(reboot, CommandOutcome.Unsupported);
        await AnsweredAsync(identify, CommandOutcome.Unsupported);
        await AnsweredAsync(odd, CommandOutcome.Accepted, CommandOutcome.Failed);
        await AnsweredAsync(unheard, CommandOutcome.Unsupported);
        await AnsweredAsync(unmute, CommandOutcome.Accepted, CommandOutcome.Failed);
        Assert.Equal("atTheDeviceOnly", Results(unmute).Last().Detail);
        Assert.Empty(_muted);
        await StopAsync(running);
    }

    [Fact]
    public async Task RestartIsDone_WhenTheAgentHasComeBack()
    {
        Task running = Start();
        _link.Connect();
        AgentCommand restart = Command(CommandKind.RestartAgent);
        _link.Command(restart);
        await Until.TrueAsync(() => Volatile.Read(ref _restarts) == 1);
        await AnsweredAsync(restart, CommandOutcome.Accepted);
        await StopAsync(running);

        using var again = new CancellationTokenSource();
        Task back = Start(again.Token);
        _link.Command(restart);
        await AnsweredAsync(restart, CommandOutcome.Accepted, CommandOutcome.Done);
        Assert.Equal(1, _restarts);
        await again.CancelAsync();
        await back;
    }

    [Fact]
    public async Task RestartThatIsAnsweredLater_IsNotDoneByComingBack_AndWhatIsToldReachesTheHub()
    {
        AgentCommand update = Command(CommandKind.Update);
        Task running = Start();
        _link.Connect();
        _link.Command(update);
        await Until.TrueAsync(() => Volatile.Read(ref _restarts) == 1);
        await StopAsync(running);

        _link.Disconnect();
        using var again = new CancellationTokenSource();
        CommandRunner back = Runner();
        Task started = back.RunAsync(again.Token);
        bool taken = false;
        back.Tell(new CommandResult(update.Id, CommandOutcome.Failed, _time.Now, UpdateReasons.RolledBack), () => Volatile.Write(ref taken, true));
        _link.Connect();
        await AnsweredAsync(update, CommandOutcome.Accepted, CommandOutcome.Failed);
        await Until.TrueAsync(() => Volatile.Read(ref taken));
        await again.CancelAsync();
        await started;
    }

    [Fact]
    public void OfAllIds_TheLast256AreKnown()
    {
        var memory = new CommandMemory(File());
        Guid[] ids = [.. Enumerable.Range(0, CommandMemory.Kept + 1).Select(_ => Guid.NewGuid())];
        Assert.All(ids, id => Assert.True(memory.TryRemember(id)));
        var later = new CommandMemory(File());
        Assert.All(ids.Skip(1), id => Assert.False(later.TryRemember(id)));
        Assert.True(later.TryRemember(ids[0]));
    }

    [Fact]
    public void IdentifyCard_ShowsForHalfAMinute_ButNotOverALesson()
    {
        var setting = new PlaybackSetting(new PlaybackOptions(), "ffmpeg", _folder.Path, null, () => _time.Now, _time, NullLogger.Instance);
        var screen = new ClassroomScreen(setting, () => null, () => true);
        string before = screen.Text();
        Assert.True(screen.TryIdentify(TimeSpan.FromSeconds(30)));
        Assert.Contains(Words.Get("CardIdentify"), screen.Text(), StringComparison.Ordinal);
        _time.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal(before, screen.Text());

        screen.ShowLesson(null!);
        Assert.False(screen.TryIdentify(TimeSpan.FromSeconds(30)));
    }

    public void Dispose()
    {
        _stop.Dispose();
        _folder.Dispose();
    }

    private AgentCommand Command(CommandKind kind, int? value = null) => new(Guid.NewGuid(), kind, _time.Now.AddMinutes(1), value);

    private IEnumerable<CommandResult> Results(AgentCommand command) => _link.Of<CommandResult>().Where(r => r.Id == command.Id);

    private async Task AnsweredAsync(AgentCommand command, params CommandOutcome[] outcomes)
    {
        await Until.TrueAsync(() => Results(command).Count() >= outcomes.Length);
        Assert.Equal(outcomes, Results(command).Select(r => r.Outcome));
    }

    private JsonFile<RememberedCommands> File() => new(Path.Combine(_folder.Path, "commands.json"));

    private Task Start(CancellationToken? stop = null) => Runner().RunAsync(stop ?? _stop.Token);

    private CommandRunner Runner()
    {
        IReadOnlyDictionary<CommandKind, CommandAction> actions = RemoteCommands.Of(
            null,
            _ =>
            {
                _muted.Add(true);
                return Task.FromResult(true);
            },
            _ => Task.FromResult<IReadOnlyList<PartReport>>([new PartReport(PartKind.Camera, "camera", "", PartStatus.Ok, null, null)]), _link.RotateAsync,
            (_, _) => Task.FromResult(CommandAnswer.Done with { Restart = true, AnsweredLater = true }));
        return new CommandRunner(
            _link, actions, new CommandMemory(File()), () => _time.Now, () => Interlocked.Increment(ref _restarts), _time, NullLogger.Instance);
    }

    private async Task StopAsync(Task running)
    {
        await _stop.CancelAsync();
        await running;
    }
}
