using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Authentication;
using System.Text.Json;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Enrolment;

/// <summary>The hub's HTTP API as the device uses it. Safe to call from anywhere; what the hub refuses is a value.</summary>
internal sealed class HubApi(HttpClient client)
{
    public Task<Result<EnrolResponse, HubRefusal>> EnrolAsync(EnrolRequest request, CancellationToken stop) =>
        PostAsync<EnrolRequest, EnrolResponse>(DeviceApi.Enrol, request, stop);

    public Task<Result<DeviceTokenResponse, HubRefusal>> TokenAsync(DeviceTokenRequest request, CancellationToken stop) =>
        PostAsync<DeviceTokenRequest, DeviceTokenResponse>(DeviceApi.Token, request, stop);

    /// <summary>A new MQTT password, or the confirmation of one.</summary>
    public async Task<Result<DeviceMqttResponse, HubRefusal>> MqttAsync(string token, DeviceMqttRequest body, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, DeviceApi.Mqtt) { Content = JsonContent.Create(body, options: Wire.Json) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await SendAsync<DeviceMqttResponse>(request, async response => (await response.Content.ReadFromJsonAsync<DeviceMqttResponse>(Wire.Json, stop))!, stop);
    }

    /// <param name="etag">From the last answer, with its quotes; null: none.</param>
    /// <returns>A null timetable when the hub's is still the one with this etag.</returns>
    public async Task<Result<TimetableAnswer, HubRefusal>> TimetableAsync(string token, string? etag, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, DeviceApi.Timetable);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (etag is not null)
        {
            request.Headers.TryAddWithoutValidation("If-None-Match", etag);
        }

        return await SendAsync<TimetableAnswer>(
            request,
            async response => new TimetableAnswer(await response.Content.ReadFromJsonAsync<DeviceTimetable>(Wire.Json, stop), response.Headers.ETag?.ToString(), HubTime(response)),
            stop);
    }

    /// <summary>Hands in records, see <see cref="EvidenceStreams"/>.</summary>
    /// <param name="from">Number of the first record; of an empty batch the next to come.</param>
    public async Task<Result<StreamAck, HubRefusal>> PutBatchAsync(string token, Guid epoch, string stream, long from, StreamBatch batch, CancellationToken stop)
    {
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(batch, Wire.Json);
        using var request = new HttpRequestMessage(HttpMethod.Put, EvidenceStreams.Path(epoch, stream, from)) { Content = new ByteArrayContent(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Content.Headers.TryAddWithoutValidation(EvidenceStreams.DigestHeader, EvidenceStreams.Digest(body));
        return await SendAsync<StreamAck>(
            request,
            async response => await response.Content.ReadFromJsonAsync<StreamAck>(Wire.Json, stop) is { Missing: not null, Refused: not null, Conflicts: not null } ack ? ack : null!,
            stop);
    }

    /// <summary>Hands in what a command asked for (<see cref="DeviceApi.CommandFile"/>).</summary>
    /// <returns>Null: the hub has it.</returns>
    public async Task<HubRefusal?> PutFileAsync(string token, string path, byte[] bytes, string contentType, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, path) { Content = new ByteArrayContent(bytes) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(contentType);
        return (await SendAsync<string>(request, _ => Task.FromResult(path), stop)).Refusal;
    }

    /// <summary>Asks for a release of the agent by its version.</summary>
    public async Task<Result<AgentRelease, HubRefusal>> ReleaseAsync(string token, string version, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, AgentReleases.ManifestPath(version));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await SendAsync<AgentRelease>(request, async response => (await response.Content.ReadFromJsonAsync<AgentRelease>(Wire.Json, stop))!, stop);
    }

    /// <summary>Posts an SDP offer to a WHIP or WHEP endpoint (RFC 9725).</summary>
    public async Task<Result<MediaAnswer, HubRefusal>> OfferAsync(string url, string token, string offer, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Content = new StringContent(offer);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/sdp");
        return await SendAsync<MediaAnswer>(
            request,
            async response => new MediaAnswer(await response.Content.ReadAsStringAsync(stop), response.Headers.Location?.ToString()),
            stop);
    }

    /// <summary>Ends a media connection; whatever the hub answers, ours is over.</summary>
    public async Task EndAsync(string location, string token, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, location);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        try
        {
            using HttpResponseMessage response = await client.SendAsync(request, stop);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            // The hub sees the connection's end by itself.
        }
    }

    private static DateTimeOffset? HubTime(HttpResponseMessage response) =>
        response.Headers.TryGetValues("X-Hub-Time", out IEnumerable<string>? values)
        && DateTimeOffset.TryParse(values.First(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset told) ? told : null;

    private async Task<Result<TAnswer, HubRefusal>> PostAsync<TBody, TAnswer>(string url, TBody body, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = JsonContent.Create(body, options: Wire.Json) };
        return await SendAsync<TAnswer>(request, async response => (await response.Content.ReadFromJsonAsync<TAnswer>(Wire.Json, stop))!, stop);
    }

    private async Task<Result<T, HubRefusal>> SendAsync<T>(HttpRequestMessage request, Func<HttpResponseMessage, Task<T>> read, CancellationToken stop)
    {
        try
        {
            using HttpResponseMessage response = await client.SendAsync(request, stop);
            if (response.StatusCode == HttpStatusCode.NotModified && typeof(T) == typeof(TimetableAnswer))
            {
                return (T)(object)new TimetableAnswer(null, null, HubTime(response));
            }

            return response.IsSuccessStatusCode ? await read(response) ?? (Result<T, HubRefusal>)HubRefusal.NotUnderstood : await HubRefusals.ReadAsync(response, stop);
        }
        catch (HttpRequestException e)
        {
            return e.InnerException is AuthenticationException ? HubRefusal.UntrustedCertificate : HubRefusal.Unreachable;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return HubRefusal.Unreachable;
        }
        catch (JsonException)
        {
            return HubRefusal.NotUnderstood;
        }
    }
}

/// <param name="Timetable">Null: unchanged.</param>
/// <param name="HubTime">The hub's clock when it answered; null: it did not say.</param>
internal sealed record TimetableAnswer(DeviceTimetable? Timetable, string? ETag, DateTimeOffset? HubTime);

/// <param name="Location">Where to DELETE the connection; null when the server names none.</param>
internal sealed record MediaAnswer(string Sdp, string? Location);
