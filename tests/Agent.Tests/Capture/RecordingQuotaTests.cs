using ThreeClassrooms.Agent.Capture;
using ThreeClassrooms.Agent.Tests.Enrolment;

namespace ThreeClassrooms.Agent.Tests.Capture;

public sealed class RecordingQuotaTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 20, 1, 0, 0, TimeSpan.Zero);

    [Fact]
    public void RecordingsOverTheirAge_Go_ByTheHubsTimeAndTheTimeInTheirName()
    {
        using var folder = Folder("20260301T010000Z.mkv", "20260310T010000Z.mkv", "20260319T010000Z.mkv");
        RecordingQuota.MakeRoom(folder.Path, new RecordingOptions(), Now);
        Assert.Equal(["20260310T010000Z.mkv", "20260319T010000Z.mkv"], Names(folder));
    }

    [Fact]
    public void WhileTheHubsTimeIsNotKnown_NothingIsTooOld()
    {
        using var folder = Folder("20260301T010000Z.mkv");
        RecordingQuota.MakeRoom(folder.Path, new RecordingOptions(), null);
        Assert.Single(Names(folder));
    }

    [Fact]
    public void RecordingOfAClockThatWasWrong_HasNoAge()
    {
        using var folder = Folder("19700101T000312Z.mkv", "19700101T000312Z-2.mkv", "elsewhere.mkv");
        RecordingQuota.MakeRoom(folder.Path, new RecordingOptions(), Now);
        Assert.Equal(3, Names(folder).Count);
    }

    [Fact]
    public void ClockThatComesByTheSameSecondTwice_MakesTwoFiles()
    {
        using var folder = Folder("20260320T010000Z.mkv");
        Assert.EndsWith("20260320T010000Z-2.mkv", RecordingQuota.NewName(folder.Path, Now), StringComparison.Ordinal);
    }

    private static TemporaryFolder Folder(params string[] names)
    {
        var folder = new TemporaryFolder();
        foreach (string name in names)
        {
            string file = Path.Combine(folder.Path, name);
            File.WriteAllText(file, "x");
            File.SetLastWriteTimeUtc(file, new DateTime(1971, 1, 1, 0, 0, 0, DateTimeKind.Utc)); // what the disk says is of the device's clock
        }

        return folder;
    }

    private static List<string> Names(TemporaryFolder folder) => [.. Directory.GetFiles(folder.Path).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];
}
