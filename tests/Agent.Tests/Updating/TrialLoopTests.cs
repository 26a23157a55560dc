using Microsoft.Extensions.Logging.Abstractions;
using ThreeClassrooms.Agent.Tests.Enrolment;
using ThreeClassrooms.Agent.Updating;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.TestKit;
using ThreeClassrooms.TestKit.Time;

namespace ThreeClassrooms.Agent.Tests.Updating;

public sealed class TrialLoopTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualTime _time = new();
    private readonly List<(CommandResult Result, Action? Taken)> _told = [];
    private readonly Guid _command = Guid.NewGuid();
    private int _disarmed;

    private ReleaseStore Store => new(_folder.Path);

    [Fact]
    public async Task WhatHasProvedItself_IsKept_TheAlarmIsTakenOff_TheHubIsTold_AndTheRestIsRemoved()
    {
        Lay("1.1.0", "1.2.0", "1.3.0", ".new-1.4.0");
        Store.TrySave(new SlotState("1.0.0", Current: "1.1.0", Previous: "1.3.0", Trial: new Trial("1.2.0", 1, _command)));
        TrialLoop loop = Loop("1.2.0", () => new TrialSigns(true, true, true), TimeSpan.Zero);
        Assert.False(loop.Settled);
        await loop.RunAsync(CancellationToken.None);
        Assert.Equal(1, _disarmed);
        Assert.True(loop.Settled);
        Assert.Equal(new SlotState("1.0.0", "1.2.0", "1.1.0", Answer: new UpdateAnswer(_command, true)), Store.Load());
        Assert.Equal(["1.1.0", "1.2.0", "state.json"], Names());
        (CommandResult result, Action? taken) = Assert.Single(_told);
        Assert.Equal((_command, CommandOutcome.Done, null), (result.Id, result.Outcome, result.Detail));
        taken!();
        Assert.Null(Store.Load()!.Answer);
    }

    [Fact]
    public async Task WhatDoesNotProveItself_LeavesTheAlarmOn()
    {
        Lay("1.2.0");
        Store.TrySave(new SlotState("1.0.0", Trial: new Trial("1.2.0", 1, _command)));
        using var stop = new CancellationTokenSource();
        int looks = 0;
        TrialLoop loop = Loop(
            "1.2.0",
            () =>
            {
                looks++;
                _time.Advance(TimeSpan.FromMinutes(5));
                return new TrialSigns(true, true, false);
            },
            TimeSpan.FromSeconds(60));
        Task running = loop.RunAsync(stop.Token);
        await Until.TrueAsync(() => looks >= 2);
        await stop.CancelAsync();
        await running;
        Assert.Equal((0, false), (_disarmed, loop.Settled));
        Assert.NotNull(Store.Load()!.Trial);
        Assert.Empty(_told);
    }

    [Fact]
    public async Task FormerVersion_TellsThatTheNewOneWasRolledBack_UntilTheHubHasIt()
    {
        Lay("1.1.0", "1.2.0");
        Store.TrySave(new SlotState("1.0.0", "1.1.0", Trial: new Trial("1.2.0", 3, _command)).GiveUp(RollBackReason.Ended, _time.Now));
        for (int start = 0; start < 2; start++)
        {
            await Loop("1.1.0", () => throw new InvalidOperationException("nothing is on trial"), TimeSpan.Zero).RunAsync(CancellationToken.None);
        }

        Assert.Equal(2, _told.Count);
        Assert.All(_told, t => Assert.Equal((_command, CommandOutcome.Failed, UpdateReasons.RolledBack), (t.Result.Id, t.Result.Outcome, t.Result.Detail)));
        Assert.Equal(["1.1.0", "state.json"], Names());
        Assert.Equal(0, _disarmed);
        _told[0].Taken!();
        await Loop("1.1.0", () => default, TimeSpan.Zero).RunAsync(CancellationToken.None);
        Assert.Equal(2, _told.Count);
    }

    [Fact]
    public async Task DeviceWithoutReleases_IsSettledAtOnce_AndHasNoFolder()
    {
        TrialLoop loop = Loop(null, () => default, TimeSpan.Zero);
        await loop.RunAsync(CancellationToken.None);
        Assert.True(loop.Settled);
        Assert.False(Directory.Exists(Store.Folder));
    }

    [Fact]
    public void StateOfALaterVersion_KeepsWhatIsNotKnownHere()
    {
        Directory.CreateDirectory(Store.Folder);
        string file = Path.Combine(Store.Folder, "state.json");
        File.WriteAllText(file, """{"base":"1.0.0","current":"1.1.0","channel":{"name":"early"}}""");
        Store.TrySave(Store.Load()!.Begin("1.2.0", null));
        Assert.Contains("\"channel\":{\"name\":\"early\"}", File.ReadAllText(file), StringComparison.Ordinal);
        Assert.Equal("1.2.0", Store.Load()!.Trial!.Version);
    }

    public void Dispose() => _folder.Dispose();

    private IEnumerable<string?> Names() => Directory.EnumerateFileSystemEntries(Store.Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal);

    private void Lay(params string[] versions) => Array.ForEach(versions, v => Directory.CreateDirectory(Store.FolderOf(v)));

    private TrialLoop Loop(string? chosen, Func<TrialSigns> signs, TimeSpan hold) => new(
        Store, chosen, hold, _ => Task.FromResult(signs()), (result, taken) => _told.Add((result, taken)), () => _disarmed++, _time, NullLogger.Instance);
}
