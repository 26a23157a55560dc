using FsCheck;
using FsCheck.Fluent;
using ThreeClassrooms.Agent.Telemetry;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Tests.Telemetry;

public class TelemetryPlanTests
{
    private static readonly DateTimeOffset Start = new(2026, 9, 7, 2, 0, 0, TimeSpan.Zero);
    private static readonly PartReport Well = new(PartKind.Camera, "camera", "BRIO", PartStatus.Ok, null, null);
    private static readonly PartReport Gone = new(PartKind.Camera, "camera", "video0", PartStatus.Missing, FaultKind.CameraMissing, null);

    [Fact]
    public void EveryConnect_SendsInventoryAndConfiguration_AndTheMinuteSoon()
    {
        TelemetryPlan plan = Plan();
        plan.OnParts([Well], At(0));
        plan.OnOnline(At(0));
        Assert.Equal((true, true, false), Kinds(plan.Due(At(0))));
        plan.OnHardwareSent([Well]);
        plan.OnReportedSent();
        Assert.True(plan.Due(At(1)).Nothing);
        Assert.Equal((false, false, true), Kinds(plan.Due(At(10))));

        plan.OnOnline(At(20));
        Assert.Equal((true, true, false), Kinds(plan.Due(At(20))));
    }

    [Fact]
    public void InventoryIsSentAgain_WhenAPartChanges_NotWhenAReadingVaries()
    {
        TelemetryPlan plan = Plan();
        plan.OnParts([Gone], At(0));
        plan.OnHardwareSent([Gone]);
        plan.OnParts([Gone with { Value = 3 }], At(1));
        Assert.False(plan.Due(At(1)).Hardware);
        plan.OnParts([Well], At(2));
        Assert.True(plan.Due(At(2)).Hardware);
    }

    [Fact]
    public void FaultIsToldOnce_WhenItComesAndWhenItGoes_AlsoOverARestart()
    {
        TelemetryPlan plan = Plan();
        Assert.True(plan.OnParts([Gone], At(0)));
        Assert.False(plan.OnParts([Gone], At(5)));
        FaultEvent raised = Assert.Single(plan.Due(At(5)).Events);
        Assert.Equal((FaultKind.CameraMissing, "camera", true, false, Start), (raised.Fault, raised.PartId, raised.Raised, raised.Historical, raised.At));
        plan.OnEventSent(raised.Id);

        var restarted = new TelemetryPlan(Guid.NewGuid(), plan.Raised, () => 0.5);
        restarted.OnParts([Well], At(60));
        FaultEvent cleared = Assert.Single(restarted.Due(At(60)).Events);
        Assert.Equal((FaultKind.CameraMissing, false), (cleared.Fault, cleared.Raised));
    }

    [Fact]
    public void EventThatWaited_IsHistory_AndTheOldestGoFirst()
    {
        TelemetryPlan plan = Plan();
        plan.OnFault(FaultKind.RecordingFailed, true, null, At(0));
        Assert.False(plan.Due(At(60)).Events.Single().Historical);
        Assert.True(plan.Due(At(61)).Events.Single().Historical);
        for (int i = 0; i < TelemetryPlan.MostEvents; i++)
        {
            plan.OnFault(FaultKind.RecordingFailed, i % 2 == 1, i, At(61));
        }

        Assert.Equal(TelemetryPlan.MostEvents, plan.Due(At(62)).Events.Count);
        Assert.All(plan.Due(At(62)).Events, e => Assert.False(e.Historical));
    }

    [Fact]
    public void MinuteReports_ComeWithinATenthOfTheirInterval()
    {
        Prop.ForAll(Gen.Choose(0, 999).Zip(Gen.Choose(10, 3600)).ToArbitrary(), c =>
        {
            var plan = new TelemetryPlan(Guid.NewGuid(), [], () => c.Item1 / 1000.0);
            plan.OnOnline(At(0));
            plan.OnMetricsSent(At(0), TimeSpan.FromSeconds(c.Item2));
            Assert.False(plan.Due(At((c.Item2 * 0.9) - 0.01)).Metrics);
            Assert.True(plan.Due(At((c.Item2 * 1.1) + 0.01)).Metrics);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void WhateverComesAndGoes_TheEventsAddUpToWhatIsNow()
    {
        Gen<int[]> sets = Gen.Choose(0, 7).ArrayOf().Select(all => all.Take(TelemetryPlan.MostEvents / 3).ToArray());
        Prop.ForAll(sets.ToArbitrary(), seen =>
        {
            TelemetryPlan plan = Plan();
            foreach (int bits in seen)
            {
                plan.OnParts([.. Enumerable.Range(0, 3).Select(i => Gone with { Id = $"p{i}", Fault = (bits & (1 << i)) != 0 ? FaultKind.CameraMissing : null })], At(0));
            }

            var told = new HashSet<string>();
            foreach (FaultEvent e in plan.Due(At(0)).Events)
            {
                Assert.True(e.Raised ? told.Add(e.PartId!) : told.Remove(e.PartId!));
            }

            int last = seen.LastOrDefault();
            Assert.Equal(Enumerable.Range(0, 3).Where(i => (last & (1 << i)) != 0).Select(i => $"p{i}"), told.Order());
        }).QuickCheckThrowOnFailure();
    }

    private static TelemetryPlan Plan() => new(Guid.NewGuid(), [], () => 0.5);

    private static Moment At(double seconds) => new(Start.AddSeconds(seconds), TimeSpan.FromSeconds(1000 + seconds));

    private static (bool, bool, bool) Kinds(TelemetryDue due) => (due.Hardware, due.Reported, due.Metrics);
}
