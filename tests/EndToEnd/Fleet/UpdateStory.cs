using ThreeClassrooms.Agent.Updating;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.EndToEnd.Stage;
using Xunit.Abstractions;

namespace ThreeClassrooms.EndToEnd.Fleet;

/// <summary>A device is updated from afar. Whatever the new version is, and whenever the program is killed, an agent comes up again and the hub hears how it went.</summary>
[Collection(nameof(SecondLane))]
public sealed class UpdateStory(ITestOutputHelper output)
{
    /// <summary>128 and the number of SIGALRM, as a shell would say it.</summary>
    private const int EndedByAlarm = 142;

    [Fact]
    public async Task GoodVersion_IsKept_BadOnesAreRolledBack_AndNothingComesOfAKill()
    {
        await using UpdateStage stage = await UpdateStage.StartAsync();
        await stage.OnlineAsync(AgentVersion.Current);
        await stage.InformedAsync();

        // Killed in the middle of the download: the former version is back, and what was fetched is not fetched again.
        stage.Publish("9.0.1");
        stage.Held = new TaskCompletionSource();
        await stage.AskAsync("9.0.1");
        await Eventually.IsTrueAsync(
            () => Directory.Exists(stage.Store.Folder) && Directory.EnumerateFiles(stage.Store.Folder, ".part-*").Any(f => new FileInfo(f).Length > 0),
            TimeSpan.FromSeconds(30), stage.Tell);
        Guid? killed = stage.Kill();
        stage.Held = null;
        await stage.OnlineAsync(AgentVersion.Current, otherThan: killed);
        Assert.Empty(stage.Store.There());
        stage.HoldSeconds = 5;
        Guid good = await stage.AskAsync("9.0.1");

        // Killed while it is on trial: it is tried again, and then it proves itself.
        await stage.OnlineAsync("9.0.1");
        Assert.NotEmpty(stage.Ranges);
        killed = stage.Kill();
        stage.HoldSeconds = 1;
        Assert.Equal((CommandOutcome.Done, null), Said(await stage.EndOfAsync(good)));
        Assert.Equal(("9.0.1", null, null), Slots(stage));
        await stage.OnlineAsync("9.0.1", otherThan: killed);

        // A program that is none is tried three times.
        stage.Publish("9.0.2", program: [.. Enumerable.Repeat((byte)7, 5000)]);
        int starts = stage.Starts;
        Assert.Equal((CommandOutcome.Failed, UpdateReasons.RolledBack), Said(await stage.EndOfAsync(await stage.AskAsync("9.0.2"))));
        Assert.Equal(starts + 4, stage.Starts);
        Assert.Equal(("9.0.1", null, RollBackReason.Ended), Slots(stage));
        await stage.OnlineAsync("9.0.1");

        // One that hangs, and is deaf to SIGTERM, is ended by the kernel.
        stage.Publish(
            "9.0.3", await File.ReadAllBytesAsync(Repository.HangingAgent), await File.ReadAllTextAsync(Path.ChangeExtension(Repository.HangingAgent, ".runtimeconfig.json")));
        stage.DeadlineSeconds = 5;
        starts = stage.Starts;
        Assert.Equal((CommandOutcome.Failed, UpdateReasons.RolledBack), Said(await stage.EndOfAsync(await stage.AskAsync("9.0.3"))));
        Assert.Equal(starts + 2, stage.Starts);
        Assert.Equal(EndedByAlarm, stage.Ends.Last());
        Assert.Equal(("9.0.1", null, RollBackReason.Deadline), Slots(stage));
        await stage.OnlineAsync("9.0.1");
        await Eventually.IsTrueAsync(() => stage.Store.There().SetEquals(["9.0.1"]), TimeSpan.FromSeconds(10), stage.Tell);
        output.WriteLine($"{stage.Starts} starts, ends {string.Join(' ', stage.Ends)}");
    }

    private static (CommandOutcome Outcome, string? Detail) Said(CommandResult result) => (result.Outcome, result.Detail);

    private static (string? Current, string? Trial, RollBackReason? Left) Slots(UpdateStage stage) =>
        stage.Store.Load() is { } state ? (state.Current, state.Trial?.Version, state.LastRollBack?.Reason) : default;
}
