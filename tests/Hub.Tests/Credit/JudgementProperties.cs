using FsCheck;
using FsCheck.Fluent;
using ThreeClassrooms.Hub.Attendance;
using ThreeClassrooms.Hub.Credit.Judging;

namespace ThreeClassrooms.Hub.Tests.Credit;

/// <summary>What holds for any evidence, in any order.</summary>
public sealed class JudgementProperties
{
    private static readonly Gen<Observation> AnyObservation =
        from seat in Gen.Elements("host", "r1", "r2")
        from source in seat == "host" ? Gen.Constant(EvidenceSource.Hub) : Gen.Elements(EvidenceSource.Hub, EvidenceSource.Agent)
        from seen in Gen.Elements(true, true, false)
        from heard in Gen.Elements(true, true, false)
        from start in Gen.Choose(-600, 3000)
        from length in Gen.Choose(0, 2000)
        select new Observation(
            seat, source, seat == "host" ? EvidenceKind.Publishing : EvidenceKind.Receiving,
            JudgementTests.At("09:00").AddSeconds(start), JudgementTests.At("09:00").AddSeconds(start + length), seen || heard)
        {
            Seen = seen,
            Heard = heard,
            Device = source == EvidenceSource.Agent ? $"agt-{seat}" : null,
        };

    private static readonly Arbitrary<Observation[]> AnyEvidence = AnyObservation.ArrayOf().ToArbitrary();

    [Fact]
    public void NeverMoreThanPlanned() => Prop.ForAll(AnyEvidence, evidence =>
    {
        Verdict verdict = Judge(evidence);
        return verdict.Effective >= TimeSpan.Zero && verdict.Effective <= verdict.Planned
            && verdict.Receivers.All(r => r.Effective <= verdict.Planned) && verdict.Hours <= 3.50m;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void OrderAndRepetitionOfEvidence_DoNotMatter() => Prop.ForAll(AnyEvidence, evidence =>
        Same(Judge(evidence), Judge([.. evidence.Reverse(), .. evidence]))).QuickCheckThrowOnFailure();

    [Fact]
    public void MoreThatTheHubSaw_NeverMakesItWorse() => Prop.ForAll(AnyEvidence, AnyObservation.Where(o => o.Source == EvidenceSource.Hub).ToArbitrary(), (evidence, more) =>
    {
        Verdict before = Judge(evidence), after = Judge([.. evidence, more]);
        return after.Effective >= before.Effective && after.Hours >= before.Hours
            && before.Receivers.Zip(after.Receivers).All(p => p.Second.Effective >= p.First.Effective);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void ARoomsOwnWord_NeverEarnsMoreThanTheHubForwarded() => Prop.ForAll(AnyEvidence, evidence =>
    {
        Verdict verdict = Judge(evidence);
        return verdict.Receivers.All(r => r.Effective <= Served(evidence, r.SeatId));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void SetAlgebra_AgreesWithCountingSeconds() => Prop.ForAll(AnyEvidence, evidence =>
    {
        TimeSpanSet host = SetOf(evidence, "host"), one = SetOf(evidence, "r1");
        bool[] h = Seconds(evidence, "host"), r = Seconds(evidence, "r1");
        return host.Intersect(one).Length.TotalSeconds == h.Zip(r).Count(p => p.First && p.Second)
            && host.Union(one).Length.TotalSeconds == h.Zip(r).Count(p => p.First || p.Second)
            && host.Except(one).Length.TotalSeconds == h.Zip(r).Count(p => p.First && !p.Second);
    }).QuickCheckThrowOnFailure();

    private static Verdict Judge(Observation[] evidence) =>
        Judgement.Judge(JudgementTests.Lesson(evidence), JudgementTests.Policy(), JudgementTests.At("09:45").AddDays(4));

    /// <summary>All that the hub forwarded to a seat, with what a bridge may add between.</summary>
    private static TimeSpan Served(Observation[] evidence, string seat) => TimeSpanSet
        .Of(evidence.Where(e => e.SeatId == seat && e.Source == EvidenceSource.Hub).Select(e => new Stretch(e.From, e.To))).Join(TimeSpan.FromSeconds(60)).Length;

    private static bool Same(Verdict a, Verdict b) =>
        a.Status == b.Status && a.Effective == b.Effective && a.ByHub == b.ByHub && a.ByAgents == b.ByAgents
        && a.Receivers.SequenceEqual(b.Receivers) && a.Reasons.SequenceEqual(b.Reasons) && a.Hours == b.Hours;

    private static TimeSpanSet SetOf(Observation[] evidence, string seat) =>
        TimeSpanSet.Of(evidence.Where(e => e.SeatId == seat).Select(e => new Stretch(e.From, e.To)));

    private static bool[] Seconds(Observation[] evidence, string seat)
    {
        bool[] seconds = new bool[6000];
        foreach (Observation e in evidence.Where(e => e.SeatId == seat))
        {
            int from = (int)(e.From - JudgementTests.At("08:50")).TotalSeconds, to = (int)(e.To - JudgementTests.At("08:50")).TotalSeconds;
            Array.Fill(seconds, true, from, to - from);
        }

        return seconds;
    }
}
