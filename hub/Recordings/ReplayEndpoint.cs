using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Hosting;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Recordings;

/// <summary>GET /recordings/{id}/file: a recorded file with range requests, for who may read the lesson's record; looking at it is noted.</summary>
internal static class ReplayEndpoint
{
    public static async Task<IResult> GetAsync(
        Guid id, HttpContext context, HubDbContext db, DataFolder folder, AuditTrail audit, CancellationToken cancel)
    {
        if (Caller.From(context.User) is not { } caller)
        {
            return Results.Unauthorized();
        }

        Recording? row = await db.Set<Recording>().AsNoTracking().SingleOrDefaultAsync(r => r.Id == id, cancel);
        if (row is null)
        {
            return Results.NotFound();
        }

        if (!await ReplayRights.AllowAsync(db, caller, row.LessonId, cancel))
        {
            return Results.Forbid();
        }

        string path = Path.Combine(folder.Recordings, row.FileName);
        if (!File.Exists(path))
        {
            return Results.NotFound();
        }

        if (IsFirstRequest(context.Request))
        {
            await audit.WriteAsync(AuditAction.WatchedRecording, caller.AccountId, caller.Login, row.LessonId.ToString(), row.StreamId);
        }

        // A file that still grows is read as far as it is now; it may be deleted under the reader once it has its index.
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 64 * 1024, useAsync: true);
        return Results.File(file, ContentType(path), enableRangeProcessing: true, lastModified: row.StartedAt);
    }

    /// <summary>Players ask for a file in many pieces; only the first is looking at it.</summary>
    private static bool IsFirstRequest(HttpRequest request)
    {
        string range = request.Headers.Range.ToString();
        return HttpMethods.IsGet(request.Method) && (range.Length == 0 || range.StartsWith("bytes=0-", StringComparison.Ordinal));
    }

    private static string ContentType(string path) => Path.GetExtension(path) switch
    {
        ".mp4" => "video/mp4",
        ".webm" => "video/webm",
        _ => "video/x-matroska",
    };
}
