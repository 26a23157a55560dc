using System.Text;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Hub.Streams.Endpoints;

/// <summary>Reads a request's body within bounds.</summary>
internal static class MediaBody
{
    private const int MaxBytes = 64 * 1024;

    /// <summary>The body as text; null: the refusal has been written (415 wrong type, 413 too large, 422 not UTF-8).</summary>
    public static async Task<string?> ReadAsync(HttpContext context, string contentType)
    {
        string sent = (context.Request.ContentType ?? "").Split(';')[0].Trim();
        if (!sent.Equals(contentType, StringComparison.OrdinalIgnoreCase))
        {
            await MediaProblems.WriteAsync(context, 415, ErrorCodes.BadOffer, $"Send the body as {contentType}.");
            return null;
        }

        if (context.Request.ContentLength > MaxBytes)
        {
            return await TooLargeAsync(context);
        }

        var buffer = new byte[MaxBytes + 1];
        int length = 0;
        int read;
        while (length <= MaxBytes && (read = await context.Request.Body.ReadAsync(buffer.AsMemory(length), context.RequestAborted)) > 0)
        {
            length += read;
        }

        return length > MaxBytes ? await TooLargeAsync(context) : Encoding.UTF8.GetString(buffer, 0, length);
    }

    private static async Task<string?> TooLargeAsync(HttpContext context)
    {
        await MediaProblems.WriteAsync(context, 413, ErrorCodes.BadOffer, "A description of this kind is far smaller than 64 KiB.");
        return null;
    }
}
