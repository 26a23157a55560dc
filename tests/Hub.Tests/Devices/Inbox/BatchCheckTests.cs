using FsCheck;
using FsCheck.Fluent;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Devices.Inbox;
using ThreeClassrooms.TestKit.Evidence;

namespace ThreeClassrooms.Hub.Tests.Devices.Inbox;

public sealed class BatchCheckTests
{
    private static readonly DateTimeOffset At = new(2026, 9, 7, 2, 0, 0, TimeSpan.Zero);

    /// <summary>Batches of any size in any order, any of them twice: every record is kept once and none contradicts another.</summary>
    [Fact]
    public void AnyOrder_AnyRepetition_KeepsEveryRecordOnce() => Prop.ForAll(
        (from length in Gen.Choose(1, 25)
         from order in Gen.Choose(0, 24).ListOf(60)
         from sizes in Gen.Choose(1, 7).ListOf(60)
         select (length, order, sizes)).ToArbitrary(),
        plan =>
        {
            RecordChain chain = Chain(plan.length);
            var kept = new Dictionary<long, KeptRecord>();
            var taken = new HashSet<Guid>();
            int stored = 0;
            foreach ((int start, int size) in plan.order.Select(o => o % plan.length).Zip(plan.sizes).Concat([(0, plan.length)]))
            {
                BatchVerdict verdict = BatchCheck.Compare(chain.Epoch, chain.Stream, chain.Records.Skip(start).Take(size), kept, taken);
                stored += verdict.New.Count;
                foreach (StreamRecord record in verdict.New)
                {
                    kept[record.Sequence] = new KeptRecord(record.EventId, record.Previous, record.Sha256);
                    taken.Add(record.EventId);
                }

                if (verdict.Conflicts.Count + verdict.Refused.Count > 0)
                {
                    return false;
                }
            }

            return stored == plan.length && kept.Count == plan.length;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void SameNumberOtherContent_IsSetAside()
    {
        RecordChain chain = Chain(3);
        StreamRecord other = chain.Altered(chain.Records[1] with { Payload = "7", EventId = Guid.NewGuid() });
        BatchVerdict verdict = Compare(chain, [other], chain.Records);
        Assert.Equal((other, ConflictReason.NumberTaken), Assert.Single(verdict.Conflicts));
        Assert.Empty(verdict.New);
    }

    [Fact]
    public void SameEventUnderAnotherNumber_IsSetAside()
    {
        RecordChain chain = Chain(3);
        StreamRecord twice = chain.Altered(chain.Records[2] with { EventId = chain.Records[0].EventId });
        Assert.Equal(ConflictReason.EventIdTaken, Assert.Single(Compare(chain, [twice], chain.Records.Take(2)).Conflicts).Reason);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(0)]
    public void RecordThatBreaksTheChain_OnEitherSide_IsSetAside(int index)
    {
        RecordChain chain = Chain(3);
        StreamRecord broken = chain.Altered(chain.Records[index] with { Previous = new string('a', 64) });
        Assert.Equal(ConflictReason.ChainBroken, Assert.Single(Compare(chain, [broken], chain.Records.Where(r => r.Sequence == 2)).Conflicts).Reason);
    }

    [Fact]
    public void RecordOverAHole_IsKept_UntilTheHoleIsFilledByTheRightOne()
    {
        RecordChain chain = Chain(3);
        Assert.Single(Compare(chain, [chain.Records[2]], [chain.Records[0]]).New);
        StreamRecord wrong = chain.Altered(chain.Records[1] with { Payload = "7" });
        Assert.Equal(ConflictReason.ChainBroken, Assert.Single(Compare(chain, [wrong], [chain.Records[0], chain.Records[2]]).Conflicts).Reason);
        Assert.Single(Compare(chain, [chain.Records[1]], [chain.Records[0], chain.Records[2]]).New);
    }

    [Fact]
    public void UnsoundRecords_AreRefused_AndTheOthersTaken()
    {
        RecordChain chain = Chain(1);
        StreamRecord good = chain.Records[0];
        StreamRecord[] bad =
        [
            good with { Payload = "2" }, chain.Altered(good with { Payload = "{" }), chain.Altered(good with { Payload = "" }), chain.Altered(good with { Type = "No Such Type" }),
            chain.Altered(good with { Type = "" }), chain.Altered(good with { Sequence = 0 }), chain.Altered(good with { Sequence = long.MaxValue }), chain.Altered(good with { Schema = 0 }),
            chain.Altered(good with { EventId = Guid.Empty }), chain.Altered(good with { At = DateTimeOffset.MaxValue }), chain.Altered(good with { ClockErrorMs = -1 }),
            chain.Altered(good with { ClockOffsetMs = long.MinValue }), chain.Altered(good with { Payload = $"\"{new string('x', EvidenceStreams.MaxPayloadBytes)}\"" }),
        ];
        BatchVerdict verdict = Compare(chain, [.. bad, good], []);
        Assert.Equal(bad.Length, verdict.Refused.Count);
        Assert.Equal(RecordRefusal.BadHash, verdict.Refused[0].Refusal);
        Assert.All(verdict.Refused.Skip(1), r => Assert.Equal(RecordRefusal.BadRecord, r.Refusal));
        Assert.Same(good, Assert.Single(verdict.New));
    }

    private static BatchVerdict Compare(RecordChain chain, IEnumerable<StreamRecord> records, IEnumerable<StreamRecord> kept) => BatchCheck.Compare(
        chain.Epoch, chain.Stream, records, kept.ToDictionary(r => r.Sequence, r => new KeptRecord(r.EventId, r.Previous, r.Sha256)), kept.Select(r => r.EventId).ToHashSet());

    private static RecordChain Chain(int length)
    {
        var chain = new RecordChain();
        for (int i = 0; i < length; i++)
        {
            chain.Add("probe", i, At.AddSeconds(i));
        }

        return chain;
    }
}
