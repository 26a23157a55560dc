using ThreeClassrooms.Agent.Outbox;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Tests.Outbox;

public sealed class SendPlanTests
{
    private static readonly Guid Old = Guid.NewGuid(), New = Guid.NewGuid();

    [Fact]
    public void EvidenceGoesFirst_TheOldestEpochFirst()
    {
        StreamStatus[] streams =
        [
            new(Old, EvidenceStreams.Metrics, 9, 0, true), new(Old, EvidenceStreams.State, 9, 0, true), new(New, EvidenceStreams.Evidence, 9, 0, true),
            new(Old, EvidenceStreams.Evidence, 9, 8, true),
        ];
        Assert.Equal(streams[2], SendPlan.Next(streams[..3]));
        Assert.Equal(streams[3], SendPlan.Next([streams[3], .. streams[..3]]));
        Assert.Equal(streams[1], SendPlan.Next(streams[..2]));
        Assert.Null(SendPlan.Next([new StreamStatus(Old, EvidenceStreams.Evidence, 9, 9, true), new StreamStatus(New, EvidenceStreams.Evidence, 0, 0, false)]));
    }

    [Fact]
    public void AfterAReconnect_EveryStreamIsAskedFor() =>
        Assert.Equal(New, SendPlan.Next([new StreamStatus(Old, EvidenceStreams.Evidence, 9, 9, true), new StreamStatus(New, EvidenceStreams.Metrics, 9, 9, false)])!.Value.Epoch);

    [Fact]
    public void UnreadableBatch_IsHalved_UntilTheCulpritStandsAlone()
    {
        var plan = new SendPlan();
        int halvings = 0;
        for (; plan.Limit > 1; halvings++)
        {
            Assert.Equal(TimeSpan.Zero, plan.OnRefused(SendRefusal.BadBatch, 0.5));
        }

        Assert.InRange(halvings, 7, 8);
        Assert.True(plan.OnRefused(SendRefusal.BadBatch, 0.5) > TimeSpan.Zero);
        plan.OnAnswered(true, 0.5);
        Assert.Equal(EvidenceStreams.MaxRecords, plan.Limit);
    }

    [Fact]
    public void HubAway_WaitsDouble_UpToFiveMinutes_AndAreForgottenWhenTheLinkComesUp()
    {
        var plan = new SendPlan();
        TimeSpan[] waits = [.. Enumerable.Range(0, 12).Select(_ => plan.OnRefused(SendRefusal.Later, 0.999))];
        Assert.InRange(waits[0].TotalSeconds, 0.9, 1);
        Assert.InRange(waits[3].TotalSeconds, 7, 8);
        Assert.InRange(waits[11].TotalMinutes, 4.9, 5);
        plan.OnLinkUp();
        Assert.InRange(plan.OnRefused(SendRefusal.Later, 0.999).TotalSeconds, 0.9, 1);
        Assert.InRange(plan.OnRefused(SendRefusal.DeviceDisabled, 0).TotalMinutes, 5, 10);
    }

    [Fact]
    public void AnswerWithoutProgress_IsNotRepeatedAtOnce()
    {
        var plan = new SendPlan();
        Assert.True(plan.OnAnswered(false, 0.5) > TimeSpan.Zero);
        Assert.Equal(TimeSpan.Zero, plan.OnAnswered(true, 0.5));
    }
}
