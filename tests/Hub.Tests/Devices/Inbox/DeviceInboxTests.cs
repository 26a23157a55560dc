using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Devices;
using ThreeClassrooms.Hub.Devices.Inbox;
using ThreeClassrooms.Hub.Storage;
using ThreeClassrooms.Hub.Tests.Hosting;
using ThreeClassrooms.TestKit.Evidence;

namespace ThreeClassrooms.Hub.Tests.Devices.Inbox;

public sealed class DeviceInboxTests(HubHost host) : IClassFixture<HubHost>
{
    private readonly DeviceScene _scene = new(host);

    [Fact]
    public async Task Batch_IsAcknowledged_AgainAfterEveryRepetition()
    {
        (string token, RecordChain chain) = (await TokenAsync(), Chain(5));
        for (int time = 0; time < 3; time++)
        {
            StreamAck ack = await _scene.Client.HandInAsync(token, chain, chain.Records);
            Assert.Equal((chain.Stream, chain.Epoch, 5L, host.Time.Now), (ack.Stream, ack.Epoch, ack.Through, ack.HubTime));
            Assert.Empty(ack.Missing);
            Assert.Empty(ack.Conflicts);
        }

        List<InboxRecord> kept = await host.RecordsAsync(chain.Epoch);
        Assert.Equal(chain.Records.Select(r => (r.Sequence, r.EventId, r.Sha256)), kept.Select(r => (r.Sequence, r.EventId, r.Sha256)));
        Assert.All(kept, r => Assert.Equal(InboxOutcome.Kept, r.Outcome));
    }

    [Fact]
    public async Task DeviceThatHandsInWithoutEnd_IsToldToWait_AnotherIsNot()
    {
        string flooding = await TokenAsync();
        byte[] junk = new byte[EvidenceStreams.MaxBatchBytes];
        int taken = 0;
        for (; taken < 200; taken++)
        {
            using HttpResponseMessage answer = await _scene.Client.PutAsync(flooding, Guid.NewGuid(), EvidenceStreams.Evidence, 1, junk);
            if (answer.StatusCode == HttpStatusCode.TooManyRequests)
            {
                Assert.NotNull(answer.Headers.RetryAfter);
                break;
            }
        }

        Assert.Equal(64, taken); // 32 MiB
        RecordChain chain = Chain(1);
        Assert.Equal(1, (await _scene.Client.HandInAsync(await TokenAsync(), chain, chain.Records)).Through);
    }

    [Fact]
    public async Task Holes_AreNamed_AndFilledInAnyOrder()
    {
        (string token, RecordChain chain) = (await TokenAsync(), Chain(10));
        StreamAck ack = await _scene.Client.HandInAsync(token, chain, chain.Records.Skip(6).Take(2));
        Assert.Equal((0L, new SequenceRange(1, 6)), (ack.Through, Assert.Single(ack.Missing)));
        await _scene.Client.HandInAsync(token, chain, chain.Records.Take(2));
        ack = await _scene.Client.HandInAsync(token, chain, chain.Records.Skip(4).Take(1));
        Assert.Equal(2, ack.Through);
        Assert.Equal([new SequenceRange(3, 4), new SequenceRange(6, 6)], ack.Missing);
        ack = await _scene.Client.HandInAsync(token, chain, chain.Records.Skip(2).Take(4));
        Assert.Equal(8, ack.Through);
        Assert.Empty(ack.Missing);
    }

    [Fact]
    public async Task DeclaredDropped_IsNotMissing()
    {
        (string token, RecordChain chain) = (await TokenAsync(), Chain(9));
        StreamAck ack = await _scene.Client.HandInAsync(
            token, chain, RecordChain.Batch(chain.Records.Skip(5), dropped: [new DroppedRange(1, 3, DropReason.Quota), new DroppedRange(5, 5, DropReason.DeadLetter)]));
        Assert.Equal((3L, new SequenceRange(4, 4)), (ack.Through, Assert.Single(ack.Missing)));
        ack = await _scene.Client.HandInAsync(token, chain, chain.Records.Skip(3).Take(1));
        Assert.Equal(9, ack.Through);
        Assert.Equal(2, await host.WithAsync<HubDbContext, int>(db => db.Set<InboxGap>().CountAsync(g => g.Epoch == chain.Epoch)));
    }

    [Fact]
    public async Task EmptyBatch_AsksHowFarTheHubIs()
    {
        (string token, RecordChain chain) = (await TokenAsync(), Chain(3));
        Assert.Equal(0, (await _scene.Client.HandInAsync(token, chain, [])).Through);
        await _scene.Client.HandInAsync(token, chain, chain.Records);
        Assert.Equal(3, (await _scene.Client.HandInAsync(token, chain, [])).Through);
    }

    [Fact]
    public async Task Contradiction_IsSetAsideOnce_AndNothingIsOverwritten()
    {
        (string token, RecordChain chain) = (await TokenAsync(), Chain(3));
        await _scene.Client.HandInAsync(token, chain, chain.Records);
        StreamRecord other = chain.Altered(chain.Records[1] with { Payload = "\"other\"", EventId = Guid.NewGuid() });
        for (int time = 0; time < 2; time++)
        {
            StreamAck ack = await _scene.Client.HandInAsync(token, chain, [other]);
            Assert.Equal((3L, 2L), (ack.Through, Assert.Single(ack.Conflicts)));
        }

        Assert.Equal(chain.Records.Select(r => r.Sha256), (await host.RecordsAsync(chain.Epoch)).Select(r => r.Sha256));
        InboxConflict aside = await host.WithAsync<HubDbContext, InboxConflict>(db => db.Set<InboxConflict>().SingleAsync(c => c.Epoch == chain.Epoch));
        Assert.Equal((2L, ConflictReason.NumberTaken), (aside.Sequence, aside.Reason));
        Assert.Contains("other", aside.Record, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RefusedRecord_DoesNotHoldUpTheOthers()
    {
        (string token, RecordChain chain) = (await TokenAsync(), Chain(3));
        StreamAck ack = await _scene.Client.HandInAsync(token, chain, [chain.Records[0], chain.Records[1] with { Sha256 = new string('0', 64) }, chain.Records[2]]);
        Assert.Equal((1L, new RefusedRecord(2, RecordRefusal.BadHash), new SequenceRange(2, 2)), (ack.Through, Assert.Single(ack.Refused), Assert.Single(ack.Missing)));
        Assert.Equal(2, (await host.RecordsAsync(chain.Epoch)).Count);
    }

    [Fact]
    public async Task TwoDevices_DoNotMeet_InOneEpoch()
    {
        (string first, string second, RecordChain chain, RecordChain same) = (await TokenAsync(), await TokenAsync(), Chain(2), Chain(0));
        same = new RecordChain { Epoch = chain.Epoch };
        same.Add("probe", 99, host.Time.Now);
        Assert.Equal(2, (await _scene.Client.HandInAsync(first, chain, chain.Records)).Through);
        Assert.Equal(1, (await _scene.Client.HandInAsync(second, same, same.Records)).Through);
    }

    [Fact]
    public async Task SameBatch_ManyTimesAtOnce_IsKeptOnce()
    {
        (string token, RecordChain chain) = (await TokenAsync(), Chain(20));
        StreamAck[] acks = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _scene.Client.HandInAsync(token, chain, chain.Records)));
        Assert.All(acks, a => Assert.Equal(20, a.Through));
        Assert.Equal(20, (await host.RecordsAsync(chain.Epoch)).Count);
    }

    [Theory]
    [InlineData("{}", "evidence", 1, HttpStatusCode.BadRequest)]
    [InlineData("", "evidence", 1, HttpStatusCode.BadRequest)]
    [InlineData("null", "evidence", 1, HttpStatusCode.BadRequest)]
    [InlineData("""{"sentAt":"2026-09-07T02:00:00Z","monoMs":0,"boot":"00000000-0000-0000-0000-000000000000","records":[null],"dropped":[]}""", "evidence", 1, HttpStatusCode.BadRequest)]
    [InlineData("""{"sentAt":"2026-09-07T02:00:00Z","monoMs":0,"boot":"00000000-0000-0000-0000-000000000000","records":[],"dropped":[{"from":5,"through":4,"reason":"quota"}]}""", "evidence", 1, HttpStatusCode.BadRequest)]
    [InlineData("""{"sentAt":"2026-09-07T02:00:00Z","monoMs":0,"boot":"00000000-0000-0000-0000-000000000000","records":[],"dropped":[]}""", "secrets", 1, HttpStatusCode.BadRequest)]
    public async Task UnreadableBatch_IsRefusedForGood(string body, string stream, long from, HttpStatusCode expected)
    {
        using HttpResponseMessage answer = await _scene.Client.PutAsync(await TokenAsync(), Guid.NewGuid(), stream, from, Encoding.UTF8.GetBytes(body));
        Assert.Equal((expected, StreamErrorCodes.BadBatch), (answer.StatusCode, await DeviceScene.CodeOfAsync(answer)));
    }

    [Fact]
    public async Task BatchUnderAnotherNumber_OutOfOrder_OrTooLarge_IsRefusedForGood()
    {
        (string token, RecordChain chain) = (await TokenAsync(), Chain(3));
        using HttpResponseMessage number = await _scene.Client.PutAsync(token, chain.Epoch, chain.Stream, 2, Bytes(RecordChain.Batch(chain.Records)));
        using HttpResponseMessage order = await _scene.Client.PutAsync(token, chain, RecordChain.Batch(chain.Records.Reverse()));
        using HttpResponseMessage large = await _scene.Client.PutAsync(token, chain.Epoch, chain.Stream, 1, new byte[EvidenceStreams.MaxBatchBytes + 1]);
        Assert.Equal(
            [HttpStatusCode.BadRequest, HttpStatusCode.BadRequest, HttpStatusCode.RequestEntityTooLarge], [number.StatusCode, order.StatusCode, large.StatusCode]);
        Assert.Empty(await host.RecordsAsync(chain.Epoch));
    }

    [Fact]
    public async Task BodyDamagedOnItsWay_IsAskedForAgain()
    {
        RecordChain chain = Chain(1);
        byte[] body = Bytes(RecordChain.Batch(chain.Records));
        using HttpResponseMessage answer = await _scene.Client.PutAsync(await TokenAsync(), chain.Epoch, chain.Stream, 1, body, EvidenceStreams.Digest(body.AsSpan(1)));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, StreamErrorCodes.BadDigest), (answer.StatusCode, await DeviceScene.CodeOfAsync(answer)));
    }

    [Fact]
    public async Task UnpairedSurrogate_NeverBreaksTheHub()
    {
        RecordChain chain = Chain(1);
        string body = Encoding.UTF8.GetString(Bytes(RecordChain.Batch([chain.Records[0] with { Payload = "PAYLOAD" }]))).Replace("PAYLOAD", "\\\"\\ud800\\\"", StringComparison.Ordinal);
        using HttpResponseMessage answer = await _scene.Client.PutAsync(await TokenAsync(), chain.Epoch, chain.Stream, 1, Encoding.UTF8.GetBytes(body));
        Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.BadRequest);
        Assert.Empty(await host.RecordsAsync(chain.Epoch));
    }

    private static byte[] Bytes(StreamBatch batch) => JsonSerializer.SerializeToUtf8Bytes(batch, DeviceJson.Options);

    private async Task<string> TokenAsync() => await _scene.TokenAsync(await _scene.EnrolAsync(await _scene.RoomAsync()));

    private RecordChain Chain(int length)
    {
        var chain = new RecordChain();
        for (int i = 0; i < length; i++)
        {
            chain.Add("probe", i, host.Time.Now.AddSeconds(i));
        }

        return chain;
    }
}
