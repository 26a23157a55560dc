using System.Text.RegularExpressions;
using ThreeClassrooms.EndToEnd.Stage;
using Xunit.Abstractions;

namespace ThreeClassrooms.EndToEnd.Evidence;

/// <summary>What the system calls say: nothing is sent by an agent, and nothing acknowledged by the hub, that is not on the disk before.</summary>
[Collection(nameof(SecondLane))]
public sealed partial class SyncStory(ITestOutputHelper output)
{
    private const int Wanted = 12;

    [Fact]
    public async Task EveryAcknowledgement_ComesAfterASync()
    {
        await using HubProcess hub = await HubProcess.StartAsync();
        using ManyAgents agents = await ManyAgents.EnrolAsync(hub, 1);
        hub.Kill();
        string trace = Path.Combine(hub.Folder, "trace.txt");
        await hub.StartAgainAsync(Strace(trace));
        agents.Start(600);
        await Eventually.IsTrueAsync(async () => (await agents.ReceivedAsync()).Count >= Wanted, TimeSpan.FromSeconds(60), () => hub.Process.Tail());
        agents.Process.Kill(tree: true);
        hub.Process.Kill(tree: true);
        AssertSyncedBefore(File.ReadLines(trace), "hub.db-wal", Acknowledgement());
    }

    [Fact]
    public async Task EveryRecord_IsSentAfterASync()
    {
        await using HubProcess hub = await HubProcess.StartAsync();
        using ManyAgents agents = await ManyAgents.EnrolAsync(hub, 1);
        string trace = Path.Combine(hub.Folder, "trace.txt");
        agents.Start(600, before: Strace(trace));
        await Eventually.IsTrueAsync(async () => (await agents.ReceivedAsync()).Count >= Wanted, TimeSpan.FromSeconds(60), () => agents.Process.Tail());
        agents.Process.Kill(tree: true);
        AssertSyncedBefore(File.ReadLines(trace), "outbox.db-wal", SentRecord());
    }

    private static string[] Strace(string file) =>
        ["strace", "-f", "-y", "--seccomp-bpf", "-s", "4096", "-e", "trace=fsync,fdatasync,pwrite64,sendto,sendmsg,write,writev", "-o", file];

    /// <summary>Between a number that is told for the first time and the one before it, the log was written and then synced.</summary>
    private void AssertSyncedBefore(IEnumerable<string> lines, string wal, Regex told)
    {
        (int writes, int synced, long last, int checkedNumbers) = (0, 0, 0, 0);
        Dictionary<string, int> begun = [];
        foreach (string line in lines)
        {
            string pid = line.Split(' ')[0];
            bool ofWal = line.Contains(wal, StringComparison.Ordinal);
            if (ofWal && line.Contains("pwrite64(", StringComparison.Ordinal))
            {
                writes++;
            }
            else if (ofWal && line.Contains("sync(", StringComparison.Ordinal))
            {
                begun[pid] = writes; // what was written before it began is what it makes durable
            }

            if (line.Contains("sync", StringComparison.Ordinal) && line.EndsWith("= 0", StringComparison.Ordinal) && begun.Remove(pid, out int durable))
            {
                synced = Math.Max(synced, durable);
            }

            if (told.Match(line) is { Success: true } match && long.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture) is var number && number > last)
            {
                Assert.True(synced == writes && writes > 0, $"{number} was told with {writes - synced} writes not synced");
                (last, checkedNumbers) = (number, checkedNumbers + 1);
                (writes, synced) = (0, 0);
            }
        }

        output.WriteLine($"{checkedNumbers} checked, up to number {last}");
        Assert.True(checkedNumbers >= Wanted / 2, $"only {checkedNumbers} seen");
    }

    [GeneratedRegex(@"send(?:to|msg)\(.*\\""through\\"":([1-9]\d*)")]
    private static partial Regex Acknowledgement();

    [GeneratedRegex(@"send(?:to|msg)\(.*\\""sequence\\"":([1-9]\d*)")]
    private static partial Regex SentRecord();
}
