using System.Text.Json;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Shell;

namespace ThreeClassrooms.Hub.Devices.Inbox;

/// <summary>PUT <see cref="EvidenceStreams.Route"/>: checks the batch as a whole and hands it to the inbox.</summary>
internal static class InboxEndpoint
{
    private static readonly DateTimeOffset Earliest = new(1970, 1, 1, 0, 0, 0, TimeSpan.Zero), Latest = new(2200, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static async Task<IResult> PutAsync(
        Guid epoch, string stream, long from, HttpRequest request, DeviceInbox inbox, InboxQuota quota, TimeProvider clock, DeviceProblems problems, Text text, ILoggerFactory loggers, CancellationToken cancel)
    {
        if (DeviceCaller.From(request.HttpContext.User) is not { } device)
        {
            return problems.Of(DeviceRefusal.BadCredentials);
        }

        IResult Refuse(int status, string code)
        {
            loggers.CreateLogger<DeviceInbox>().BatchRefused(device.DeviceId, EvidenceStreams.All.Contains(stream) ? stream : "?", code);
            return Results.Problem(detail: text["Device.Stream." + code], statusCode: status, extensions: new Dictionary<string, object?> { ["code"] = code });
        }

        if (!EvidenceStreams.All.Contains(stream))
        {
            return Refuse(StatusCodes.Status400BadRequest, StreamErrorCodes.BadBatch);
        }

        // Read to its end, whatever its headers promise, but never further than allowed.
        using var body = new MemoryStream();
        byte[] buffer = new byte[32 << 10];
        for (int got; (got = await request.Body.ReadAsync(buffer, cancel)) > 0;)
        {
            if (body.Length + got > EvidenceStreams.MaxBatchBytes)
            {
                return Refuse(StatusCodes.Status413PayloadTooLarge, StreamErrorCodes.BadBatch);
            }

            body.Write(buffer, 0, got);
        }

        if (!quota.Admits(device.DeviceId, body.Length, clock.GetUtcNow()))
        {
            loggers.CreateLogger<DeviceInbox>().BatchRefused(device.DeviceId, stream, ErrorCodes.TooManyTries);
            request.HttpContext.Response.Headers.RetryAfter = "300";
            return Results.Problem(
                detail: text["Error.429.Help"], statusCode: StatusCodes.Status429TooManyRequests, extensions: new Dictionary<string, object?> { ["code"] = ErrorCodes.TooManyTries });
        }

        ReadOnlyMemory<byte> bytes = body.GetBuffer().AsMemory(0, (int)body.Length);
        if (request.Headers[EvidenceStreams.DigestHeader] != EvidenceStreams.Digest(bytes.Span))
        {
            return Refuse(StatusCodes.Status422UnprocessableEntity, StreamErrorCodes.BadDigest);
        }

        if (Read(bytes.Span, from) is not { } batch)
        {
            return Refuse(StatusCodes.Status400BadRequest, StreamErrorCodes.BadBatch);
        }

        // Not cancelled when the device hangs up: what was begun is finished, and the device will hear of it at its next try.
        return await inbox.TakeAsync(device, epoch, stream, batch, CancellationToken.None) is { } ack
            ? Results.Json(ack, DeviceJson.Options)
            : Refuse(StatusCodes.Status503ServiceUnavailable, StreamErrorCodes.NotStored);
    }

    /// <returns>Null when it is not what the contract says.</returns>
    internal static StreamBatch? Read(ReadOnlySpan<byte> body, long from)
    {
        try
        {
            return JsonSerializer.Deserialize<StreamBatch>(body, DeviceJson.Options) is { } batch && IsSound(batch, from) ? batch : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool IsSound(StreamBatch batch, long from) =>
        batch.Records.Count <= EvidenceStreams.MaxRecords && batch.Dropped.Count <= EvidenceStreams.MaxRecords
        && batch.SentAt >= Earliest && batch.SentAt < Latest && BatchCheck.IsUptime(batch.MonoMs)
        && BatchCheck.IsOffset(batch.ClockOffsetMs) && batch.ClockErrorMs is null or (>= 0 and < int.MaxValue)
        && batch.Records.All(r => r is not null) && batch.Records.Zip(batch.Records.Skip(1)).All(p => p.First.Sequence < p.Second.Sequence)
        && (batch.Records.Count == 0 || batch.Records[0].Sequence == from)
        && batch.Dropped.All(d => d is not null && d.From > 0 && d.Through >= d.From && d.Through < long.MaxValue);
}
