using System.IO.Compression;
using System.Security.Cryptography;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Hub.Devices.Releases;

/// <summary>Why a package was not taken, or a release not found.</summary>
internal enum ReleaseRefusal
{
    /// <summary>Larger than <see cref="AgentReleases.MaxBytes"/>.</summary>
    TooLarge,

    /// <summary>Not a tar.gz, or damaged on its way.</summary>
    NotArchive,

    /// <summary>An archive of something else.</summary>
    NotAgent,

    /// <summary>It does not say a version that can be one.</summary>
    NoVersion,

    /// <summary>Another package of the same version was taken before.</summary>
    OtherContent,

    /// <summary>The same package is there under another version.</summary>
    SamePackage,

    /// <summary>There is a key for releases and the package is not signed for it, or the signature is not 64 bytes in base64.</summary>
    BadSignature,

    /// <summary>The caller may not.</summary>
    NotAllowed,

    /// <summary>No such release.</summary>
    Unknown,
}

/// <summary>What a package says of itself and what it is.</summary>
internal sealed record ReleasePackage(string Version, string Sha256, long Bytes)
{
    private const string Program = "ThreeClassrooms.Agent.dll";
    private const int LongestMark = 4096, SignatureBytes = 64;

    /// <param name="path">Of a file that nobody else writes.</param>
    public static async Task<Result<ReleasePackage, ReleaseRefusal>> ReadAsync(string path, CancellationToken cancel)
    {
        await using var file = new FileStream(path, new FileStreamOptions { Options = FileOptions.Asynchronous | FileOptions.SequentialScan });
        if (file.Length > AgentReleases.MaxBytes)
        {
            return ReleaseRefusal.TooLarge;
        }

        IReadOnlyList<TarFile>? files;
        try
        {
            await using var unpacked = new GZipStream(file, CompressionMode.Decompress, leaveOpen: true);
            files = await TarIndex.ReadAsync(unpacked, AgentReleases.MarkFile, LongestMark, cancel);
        }
        catch (InvalidDataException)
        {
            files = null;
        }

        if (files is null)
        {
            return ReleaseRefusal.NotArchive;
        }

        if (!files.Any(f => f.Name == Program) || files.FirstOrDefault(f => f.Name == AgentReleases.MarkFile) is not { } mark)
        {
            return ReleaseRefusal.NotAgent;
        }

        if (VersionOf(mark.Content) is not { } version)
        {
            return ReleaseRefusal.NoVersion;
        }

        file.Position = 0;
        return new ReleasePackage(version, Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancel)), file.Length);
    }

    /// <summary>Only its form is looked at: the devices that ask for one know the key.</summary>
    public static bool IsSignature(string text) => Convert.TryFromBase64String(text, new byte[SignatureBytes + 3], out int length) && length == SignatureBytes;

    private static string? VersionOf(byte[]? mark) => DeviceJson.TryRead<ReleaseMark>(mark)?.Version is { } version && AgentReleases.IsVersion(version) ? version : null;
}
