using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using ThreeClassrooms.Agent.Enrolment;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Updating;

/// <summary>What a download needs of its surroundings.</summary>
/// <param name="Client">Pinned to the hub.</param>
/// <param name="Token">Null: the hub gives none now.</param>
/// <param name="InLesson">A class may be in the room: the line is theirs.</param>
/// <param name="Pause">Waits between attempts; returns early when told to stop.</param>
internal sealed record DownloadSurroundings(
    HttpClient Client, Func<CancellationToken, Task<string?>> Token, Func<bool> InLesson, Func<TimeSpan, CancellationToken, Task> Pause, ILogger Log);

/// <summary>
/// Brings a package onto the disk: takes up where a break left it (RFC 9110 §14.2), writes no more than it was said to be, and knows its digest when it is done. What
/// is half there is kept for the next try; what is whole and wrong is removed.
/// </summary>
internal sealed class PackageDownload(DownloadSurroundings around)
{
    /// <summary>So many attempts in a row that brought nothing.</summary>
    public const int MostVain = 8;

    /// <summary>So many times the hub may have something else than what is here already.</summary>
    private const int MostFromStart = 2;

    private static readonly TimeSpan Stalled = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(60);

    /// <summary>Asks until the hub answers; many devices ask at the same time.</summary>
    public async Task<Result<AgentRelease, HubRefusal>> ManifestAsync(HubApi api, string version, CancellationToken stop)
    {
        TimeSpan pause = TimeSpan.FromSeconds(2);
        for (int tries = 1; ; tries++)
        {
            Result<AgentRelease, HubRefusal> told = await around.Token(stop) is { } token ? await api.ReleaseAsync(token, version, stop) : HubRefusal.Unreachable;
            if (told.IsOk || told.Refusal is not (HubRefusal.Unreachable or HubRefusal.TooManyTries) || tries == MostVain)
            {
                return told;
            }

            await around.Pause(pause, stop);
            stop.ThrowIfCancellationRequested();
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    /// <param name="file">Where to; may hold the beginning already.</param>
    /// <returns>Null: it is there, whole, with the digest of <paramref name="release"/>.</returns>
    public async Task<UpdateRefusal?> FetchAsync(AgentRelease release, string file, CancellationToken stop)
    {
        int vain = 0, fromStart = 0;
        TimeSpan pause = TimeSpan.FromSeconds(2);
        while (Length(file) < release.Bytes)
        {
            long before = Length(file);
            (bool again, UpdateRefusal? refusal) = await TryAsync(release, file, stop);
            if (!again)
            {
                return refusal;
            }

            bool brought = Length(file) > before;
            fromStart += Length(file) < before ? 1 : 0;
            (vain, pause) = brought ? (0, TimeSpan.FromSeconds(2)) : (vain + 1, pause);
            if (vain >= MostVain || fromStart > MostFromStart)
            {
                return UpdateRefusal.Download;
            }

            if (Length(file) < release.Bytes)
            {
                await around.Pause(pause, stop);
                stop.ThrowIfCancellationRequested();
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }

        if (await DigestAsync(file, stop) == release.Sha256 && Length(file) == release.Bytes)
        {
            return null;
        }

        File.Delete(file);
        return UpdateRefusal.Checksum;
    }

    private static long Length(string file) => new FileInfo(file) is { Exists: true } known ? known.Length : 0;

    private static async Task<string> DigestAsync(string file, CancellationToken stop)
    {
        await using FileStream stream = File.OpenRead(file);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, stop));
    }

    /// <returns>Whether it is worth another try, and if not, why; a try that brought all of it is worth another one too, which then has nothing to do.</returns>
    private async Task<(bool Again, UpdateRefusal? Refusal)> TryAsync(AgentRelease release, string file, CancellationToken stop)
    {
        try
        {
            if (await around.Token(stop) is not { } token)
            {
                return (true, null);
            }

            using var request = new HttpRequestMessage(HttpMethod.Get, AgentReleases.PackagePath(release.Version));
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            long have = Length(file);
            if (have > 0)
            {
                request.Headers.Range = new RangeHeaderValue(have, null);
            }

            using HttpResponseMessage response = await around.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
            switch (response.StatusCode)
            {
                case HttpStatusCode.NotFound:
                    return (false, UpdateRefusal.NoRelease);
                case HttpStatusCode.RequestedRangeNotSatisfiable:
                case HttpStatusCode.PartialContent when response.Content.Headers.ContentRange?.From != have:
                    File.Delete(file); // what is here is of another package
                    return (true, null);
                case HttpStatusCode.OK or HttpStatusCode.PartialContent:
                    return await KeepAsync(release, response, file, response.StatusCode == HttpStatusCode.OK, stop);
                default:
                    around.Log.DownloadBroken(release.Version, response.StatusCode.ToString());
                    return (true, null);
            }
        }
        catch (Exception e) when (e is HttpRequestException or HttpIOException || (e is OperationCanceledException && !stop.IsCancellationRequested))
        {
            around.Log.DownloadBroken(release.Version, e.Message);
            return (true, null);
        }
    }

    private async Task<(bool Again, UpdateRefusal? Refusal)> KeepAsync(AgentRelease release, HttpResponseMessage response, string file, bool fromStart, CancellationToken stop)
    {
        await using var target = new FileStream(file, fromStart ? FileMode.Create : FileMode.Append, FileAccess.Write);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        await using Stream source = await response.Content.ReadAsStreamAsync(stop);
        byte[] buffer = new byte[128 * 1024];
        long said = target.Position;
        while (true)
        {
            patience.CancelAfter(Stalled);
            int read = await source.ReadAsync(buffer, patience.Token);
            if (read == 0)
            {
                await target.FlushAsync(stop);
                return (true, null);
            }

            if (target.Position + read > release.Bytes)
            {
                target.Close();
                File.Delete(file);
                return (false, UpdateRefusal.Checksum);
            }

            await target.WriteAsync(buffer.AsMemory(0, read), stop);
            if (target.Position - said >= release.Bytes / 10 || target.Position == release.Bytes)
            {
                said = target.Position;
                around.Log.Downloaded(release.Version, (int)(100 * said / release.Bytes), release.Bytes);
            }

            if (around.InLesson())
            {
                return (false, UpdateRefusal.InLesson);
            }
        }
    }
}
