using System.Text;
using FsCheck;
using FsCheck.Fluent;
using ThreeClassrooms.Agent.Outbox;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Tests.Outbox;

public sealed class OutboxStoreTests
{
    [Fact]
    public void Records_AreNumberedWithoutGaps_AndChained_AcrossStarts()
    {
        using var scene = new OutboxScene();
        for (int i = 0; i < 6; i++)
        {
            scene.Evidence(i);
            if (i % 2 == 1)
            {
                scene.StartAgain();
            }
        }

        scene.HandIn();
        (Guid epoch, string stream) = Assert.Single(scene.Hub.Streams);
        StreamRecord[] records = [.. scene.Hub.Of(epoch, stream).Values];
        Assert.Equal([1, 2, 3, 4, 5, 6], records.Select(r => r.Sequence));
        Assert.Equal(["0", "1", "2", "3", "4", "5"], records.Select(r => r.Payload));
        Assert.Equal(records.SkipLast(1).Select(r => r.Sha256).Prepend(EvidenceStreams.Genesis), records.Select(r => r.Previous));
        Assert.All(records, r => Assert.Equal(7, r.EventId.Version));
        Assert.Equal(0, scene.Store.Backlog().Unsent);
    }

    [Fact]
    public void StateChanges_WithItsRecord_OrNotAtAll()
    {
        using var scene = new OutboxScene();
        scene.Store.Append(EvidenceStreams.Evidence, "probe", 1, "attending", "lesson 1");
        scene.StartAgain();
        Assert.Equal("lesson 1", scene.Store.State("attending"));
        scene.Store.Append(EvidenceStreams.Evidence, "probe", 2, "attending", null);
        scene.StartAgain();
        Assert.Null(scene.Store.State("attending"));
    }

    /// <summary>Answers get lost, the agent is started again at any moment, batches are of any size: the hub has the same set, once.</summary>
    [Fact]
    public void WhateverGetsLost_TheHubHasWhatWasProduced() => Prop.ForAll(
        (from steps in Gen.Choose(0, 9).ListOf(25) from seed in Gen.Choose(0, int.MaxValue) select (steps, seed)).ToArbitrary(),
        plan =>
        {
            using var scene = new OutboxScene();
            var random = new Random(plan.seed);
            List<string> produced = [];
            foreach (int step in plan.steps)
            {
                switch (step)
                {
                    case < 5:
                        produced.Add($"{produced.Count}");
                        scene.Evidence(produced.Count - 1);
                        break;
                    case 5 or 6 when SendPlan.Next(scene.Store.Streams()) is { } next:
                        StreamAck ack = scene.Hub.Take(next.Epoch, next.Stream, scene.Store.Batch(next, random.Next(1, 6))!.Value.Batch);
                        if (random.Next(2) == 0)
                        {
                            scene.Store.OnAck(next, ack);
                        }

                        break;
                    case 7:
                        scene.StartAgain();
                        break;
                    case 8:
                        scene.Store.AskAll();
                        break;
                }
            }

            scene.HandIn(() => random.Next(3) == 0, random.Next(1, 6));
            scene.HandIn();
            return scene.Hub.Kept.Select(r => r.Payload).Order().SequenceEqual(produced.Order()) && scene.Store.Backlog() is { Unsent: 0, Oldest: null };
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(25));

    [Fact]
    public void HubRestoredFromABackup_GetsTheTailAgain_AndIsToldWhatIsGone()
    {
        using var scene = new OutboxScene(new OutboxOptions { KeepDays = 1 });
        scene.Evidence(1);
        scene.Evidence(2);
        scene.HandIn();
        scene.Store.Tend();
        scene.Time.Advance(TimeSpan.FromHours(25)); // the first two are thrown away
        scene.Store.Tend();
        scene.Evidence(3);
        scene.HandIn();
        scene.Evidence(4);
        scene.HandIn();
        Assert.Equal(2, scene.Count("SELECT count(*) FROM records"));

        scene.Hub = new FakeInbox();
        scene.Store.AskAll();
        scene.HandIn();
        Assert.Equal(["3", "4"], scene.Hub.Kept.Select(r => r.Payload));
        Assert.Equal(0, scene.Store.Backlog().Unsent);
        Assert.Equal((int)DropReason.Expired, scene.Count("SELECT reason FROM gaps WHERE first = 1 AND through = 2"));
    }

    [Fact]
    public void PoisonRecord_IsKeptAside_AndTheOthersGetThrough()
    {
        using var scene = new OutboxScene();
        scene.Hub.Poison.Add("bad");
        scene.Evidence(1);
        scene.Store.Append(EvidenceStreams.Evidence, "bad", "never");
        scene.Evidence(3);
        for (int i = 0; i < OutboxStore.RefusalsBeforeDeadLetter; i++)
        {
            Assert.Equal(0, scene.Count("SELECT count(*) FROM dead_letters"));
            scene.Store.AskAll();
            StreamStatus next = SendPlan.Next(scene.Store.Streams())!.Value;
            scene.Store.OnAck(next, scene.Hub.Take(next.Epoch, next.Stream, scene.Store.Batch(next, 50)!.Value.Batch));
        }

        scene.HandIn();
        Assert.Equal(["1", "3"], scene.Hub.Kept.Select(r => r.Payload));
        Assert.Equal((1, 0), (scene.Count("SELECT count(*) FROM dead_letters WHERE payload = '\"never\"'"), scene.Store.Backlog().Unsent));
    }

    [Fact]
    public void AnotherMachineWritesInOurEpoch_OurRecordsGoOnInANewOne()
    {
        using var scene = new OutboxScene();
        scene.Evidence(1);
        scene.HandIn();
        string clone = Directory.CreateTempSubdirectory("agent-test-").FullName;
        try
        {
            Directory.CreateDirectory(Path.Combine(clone, "outbox"));
            scene.Store.Dispose();
            File.Copy(scene.Database, Path.Combine(clone, "outbox", "outbox.db"));
            scene.StartAgain();
            using var other = new OutboxScene(data: clone) { Hub = scene.Hub };
            scene.Evidence("ours 2");
            scene.HandIn();
            other.Evidence("theirs 2");
            other.Evidence("theirs 3");
            other.HandIn();
            other.Evidence("theirs 4");
            other.HandIn();
            scene.Evidence("ours 3");
            scene.HandIn();
            Assert.Equal(["1", "\"ours 2\"", "\"ours 3\"", "\"theirs 2\"", "\"theirs 3\"", "\"theirs 4\""], scene.Hub.Kept.Select(r => r.Payload).Order(StringComparer.Ordinal).OrderBy(p => p.Length));
            Assert.Contains((FaultKind.IdentityClash, true), other.Faults);
            Assert.Equal(2, scene.Hub.Streams.Count());
        }
        finally
        {
            Directory.Delete(clone, recursive: true);
        }
    }

    [Theory]
    [InlineData("not a database, just text of some length that is read as a header")]
    [InlineData("")]
    public void DamagedFile_IsSetAside_AndTheNextEpochBegins(string content)
    {
        using var scene = new OutboxScene();
        scene.Evidence(1);
        scene.HandIn();
        scene.Store.Dispose();
        foreach (string file in Directory.GetFiles(Path.GetDirectoryName(scene.Database)!, "outbox.db*"))
        {
            File.Delete(file);
        }

        byte[] garbage = content.Length > 0 ? Encoding.UTF8.GetBytes(content) : [.. Encoding.ASCII.GetBytes("SQLite format 3\0"), .. Enumerable.Repeat((byte)0xff, 5000)];
        File.WriteAllBytes(scene.Database, garbage);
        scene.StartAgain();
        scene.Evidence(2);
        scene.HandIn();
        Assert.Contains((FaultKind.OutboxDamaged, true), scene.Faults);
        Assert.Equal(["1", "2"], scene.Hub.Kept.Where(r => r.Type == "probe").Select(r => r.Payload).Order());
        Assert.Contains(scene.Hub.Kept, r => r.Type == RecordTypes.OutboxDamaged);
        Assert.Equal(2, scene.Hub.Streams.Select(s => s.Epoch).Distinct().Count());
        string aside = Assert.Single(Directory.GetDirectories(Path.Combine(Path.GetDirectoryName(scene.Database)!, "damaged")));
        Assert.Equal(garbage, File.ReadAllBytes(Path.Combine(aside, "outbox.db")));
    }

    [Fact]
    public void FileDamagedWhileInUse_RaisesTheFault_AndRecordingGoesOn()
    {
        using var scene = new OutboxScene();
        for (int i = 0; i < 300; i++)
        {
            scene.Evidence(new string('x', 100));
        }

        using (var file = new FileStream(scene.Database, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            file.Write(Enumerable.Repeat((byte)0xa5, (int)file.Length).ToArray());
        }

        scene.StartAgain();
        scene.Evidence("after");
        scene.HandIn();
        Assert.Contains(scene.Hub.Kept, r => r.Payload == "\"after\"");
    }

    [Fact]
    public void SentLate_IsMarked()
    {
        using var scene = new OutboxScene();
        scene.Evidence("early");
        scene.Time.Advance(TimeSpan.FromMinutes(2));
        scene.Evidence("late to be written, sent at once");
        scene.HandIn();
        Assert.Equal([true, false], scene.Hub.Kept.OrderBy(r => r.Sequence).Select(r => r.Historical));
    }

    [Fact]
    public void Batch_StaysBelowTheHubsLimit()
    {
        using var scene = new OutboxScene();
        for (int i = 0; i < 100; i++)
        {
            scene.Evidence(new string('王', 2500));
        }

        StreamStatus next = SendPlan.Next(scene.Store.Streams())!.Value;
        StreamBatch batch = scene.Store.Batch(next, EvidenceStreams.MaxRecords)!.Value.Batch;
        Assert.InRange(System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(batch, Wire.Json).Length, 100_000, EvidenceStreams.MaxBatchBytes);
        scene.HandIn(limit: EvidenceStreams.MaxRecords);
        Assert.Equal(100, scene.Hub.Kept.Count());
    }
}
