using ThreeClassrooms.Hub.Attendance;

namespace ThreeClassrooms.Hub.Tests.Attendance;

public sealed class EvidenceGathererTests
{
    private static readonly DateTimeOffset Start = new(2026, 9, 7, 1, 0, 0, TimeSpan.Zero);
    private static readonly EvidenceKey Key = new(Guid.NewGuid(), "r1", EvidenceKind.Receiving, "host-camera", Good: true, Seen: true, Heard: true);

    [Fact]
    public void Seconds_BecomeOneInterval_AndAGapSplitsIt()
    {
        var gatherer = new EvidenceGatherer();
        foreach (int second in new[] { 0, 1, 2, 10, 11 })
        {
            gatherer.Add(Key, Start.AddSeconds(second), Start.AddSeconds(second + 1));
        }

        IReadOnlyList<EvidenceInterval> taken = gatherer.TakeAll(Start.AddSeconds(12));
        Assert.Equal([(0d, 3d), (10d, 12d)], taken.Select(i => ((i.From - Start).TotalSeconds, (i.To - Start).TotalSeconds)));
        Assert.All(taken, i => Assert.Equal(Start.AddSeconds(12), i.RecordedAt));
        Assert.Empty(gatherer.TakeAll(Start.AddSeconds(13)));
    }

    [Fact]
    public void GoodAndBad_AreKeptApart_AndEmptyStretchesAreNone()
    {
        var gatherer = new EvidenceGatherer();
        gatherer.Add(Key, Start, Start.AddSeconds(5));
        gatherer.Add(Key with { Good = false }, Start.AddSeconds(5), Start.AddSeconds(10));
        gatherer.Add(Key, Start.AddSeconds(20), Start.AddSeconds(20));
        gatherer.Add(Key, Start.AddSeconds(30), Start.AddSeconds(29));
        Assert.Equal([true, false], gatherer.TakeAll(Start).OrderBy(i => i.From).Select(i => i.Good));
    }

    [Fact]
    public void PictureAndSound_AreKeptApart()
    {
        var gatherer = new EvidenceGatherer();
        gatherer.Add(Key, Start, Start.AddSeconds(5));
        gatherer.Add(Key with { Seen = false }, Start.AddSeconds(5), Start.AddSeconds(10));
        Assert.Equal([(true, true), (false, true)], gatherer.TakeAll(Start).OrderBy(i => i.From).Select(i => (i.Seen, i.Heard)).Select(i => (i.Seen!.Value, i.Heard!.Value)));
    }
}
