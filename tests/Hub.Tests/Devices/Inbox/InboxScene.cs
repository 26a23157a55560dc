using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Devices;
using ThreeClassrooms.Hub.Devices.Inbox;
using ThreeClassrooms.Hub.Storage;
using ThreeClassrooms.Hub.Tests.Hosting;
using ThreeClassrooms.TestKit.Evidence;

namespace ThreeClassrooms.Hub.Tests.Devices.Inbox;

/// <summary>Hands records in over HTTP, as a device does.</summary>
internal static class InboxScene
{
    public static async Task<HttpResponseMessage> PutAsync(
        this HttpClient client, string token, Guid epoch, string stream, long from, byte[] body, string? digest = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, EvidenceStreams.Path(epoch, stream, from)) { Content = new ByteArrayContent(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Content.Headers.TryAddWithoutValidation(EvidenceStreams.DigestHeader, digest ?? EvidenceStreams.Digest(body));
        return await client.SendAsync(request);
    }

    public static Task<HttpResponseMessage> PutAsync(this HttpClient client, string token, RecordChain chain, StreamBatch batch) => client.PutAsync(
        token, chain.Epoch, chain.Stream, batch.Records.Count > 0 ? batch.Records[0].Sequence : 1, JsonSerializer.SerializeToUtf8Bytes(batch, DeviceJson.Options));

    /// <summary>Hands in and expects to be answered.</summary>
    public static async Task<StreamAck> HandInAsync(this HttpClient client, string token, RecordChain chain, StreamBatch batch)
    {
        using HttpResponseMessage answer = await client.PutAsync(token, chain, batch);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<StreamAck>(DeviceJson.Options))!;
    }

    public static Task<StreamAck> HandInAsync(this HttpClient client, string token, RecordChain chain, IEnumerable<StreamRecord> records) =>
        client.HandInAsync(token, chain, RecordChain.Batch(records));

    public static Task<List<InboxRecord>> RecordsAsync(this HubHost host, Guid epoch) => host.WithAsync<HubDbContext, List<InboxRecord>>(
        db => db.Set<InboxRecord>().AsNoTracking().Where(r => r.Epoch == epoch).OrderBy(r => r.Sequence).ToListAsync());
}
