using System.Text.RegularExpressions;

namespace ThreeClassrooms.Contracts;

/// <summary>
/// A release of the agent as the hub hands it out to devices. The package is a tar.gz of the published agent with its files at the top,
/// <c>release.json</c> (<see cref="ReleaseMark"/>) among them.
/// </summary>
/// <param name="Version">As <see cref="AgentReleases.IsVersion"/> wants it.</param>
/// <param name="Sha256">Of the package, 64 lower-case hexadecimal digits.</param>
/// <param name="Bytes">Size of the package.</param>
/// <param name="Signature">ECDSA P-256 with SHA-256 over the package, base64 (IEEE P1363); null: not signed. A device with a release key of its own takes no other.</param>
public sealed record AgentRelease(string Version, string Sha256, long Bytes, string? Signature = null);

/// <summary>The file <c>release.json</c> within a package: which version its files are.</summary>
public sealed record ReleaseMark(string Version);

/// <summary>Names that hub and agent share about releases.</summary>
public static partial class AgentReleases
{
    /// <summary>The largest package a hub takes and a device fetches.</summary>
    public const long MaxBytes = 200L * 1024 * 1024;

    public const string MarkFile = "release.json";

    /// <summary>GET with the device's token: <see cref="AgentRelease"/>; 404: no such release, or it was withdrawn.</summary>
    public static string ManifestPath(string version) => $"/api/device/releases/{version}";

    /// <summary>GET with the device's token, ranges allowed: the package.</summary>
    public static string PackagePath(string version) => $"/api/device/releases/{version}/package";

    /// <returns>Whether <paramref name="text"/> may name a version: three numbers, and if need be a word (<c>1.4.0</c>, <c>1.4.0-rc2</c>). Safe as a file's name.</returns>
    public static bool IsVersion(string? text) => text is not null && VersionPattern().IsMatch(text);

    [GeneratedRegex(@"\A[0-9]{1,5}\.[0-9]{1,5}\.[0-9]{1,5}(-[0-9A-Za-z]{1,20})?\z")]
    private static partial Regex VersionPattern();
}

/// <summary>Stable words with which a device refuses or gives up an update (<see cref="CommandResult.Detail"/>).</summary>
public static class UpdateReasons
{
    public const string InLesson = "inLesson";

    /// <summary>This device's agent is not started in a way that can be replaced (by hand, from a build).</summary>
    public const string NotReplaceable = "notReplaceable";

    public const string NoRelease = "noRelease";
    public const string Download = "download";
    public const string Checksum = "checksum";
    public const string Signature = "signature";
    public const string NoSpace = "noSpace";

    /// <summary>The package is not an agent, or not of the version it was said to be.</summary>
    public const string Package = "package";

    /// <summary>The new version did not come up in time or ended three times: the former one runs again.</summary>
    public const string RolledBack = "rolledBack";
}
