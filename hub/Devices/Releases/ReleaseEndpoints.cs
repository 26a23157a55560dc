using Microsoft.Net.Http.Headers;

namespace ThreeClassrooms.Hub.Devices.Releases;

/// <summary>What a device fetches when it is asked to update, see <see cref="Contracts.AgentReleases"/>.</summary>
internal static class ReleaseEndpoints
{
    public static async Task<IResult> ManifestAsync(string version, HttpContext http, ReleaseShelf shelf, DeviceProblems problems, CancellationToken cancel) =>
        DeviceCaller.From(http.User) is null ? problems.Of(DeviceRefusal.BadCredentials)
        : await shelf.OfferedAsync(version, cancel) is { } release ? Results.Json(release.ToWire(), DeviceJson.Options)
        : problems.Of(DeviceRefusal.NoSuchRelease);

    /// <summary>The package; a device whose line broke asks for the rest of it (RFC 9110 §14).</summary>
    public static async Task<IResult> PackageAsync(string version, HttpContext http, ReleaseShelf shelf, DeviceProblems problems, CancellationToken cancel)
    {
        if (DeviceCaller.From(http.User) is null)
        {
            return problems.Of(DeviceRefusal.BadCredentials);
        }

        return await shelf.OfferedAsync(version, cancel) is { } release && File.Exists(shelf.PathOf(release))
            ? Results.File(shelf.PathOf(release), "application/gzip", entityTag: new EntityTagHeaderValue($"\"{release.Sha256}\""), enableRangeProcessing: true)
            : problems.Of(DeviceRefusal.NoSuchRelease);
    }
}
