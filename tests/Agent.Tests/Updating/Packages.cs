using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Tests.Updating;

/// <summary>Packages for tests, good ones and others.</summary>
internal static class Packages
{
    public static TarEntry File(string name, string content = "content", UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite) =>
        new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content)), Mode = mode };

    public static TarEntry Link(TarEntryType kind, string name, string target) => new PaxTarEntry(kind, name) { LinkName = target };

    /// <summary>As small as an agent can be.</summary>
    public static TarEntry[] Agent(string version) =>
    [
        new PaxTarEntry(TarEntryType.Directory, "./"), File("./ThreeClassrooms.Agent.dll"), File("./ThreeClassrooms.Agent.runtimeconfig.json", "{}"),
        File("./release.json", $$"""{"version":"{{version}}"}"""), new PaxTarEntry(TarEntryType.Directory, "./en/"), File("./en/words.dll"),
        File("./tool", "#!/bin/sh", UnixFileMode.UserRead | UnixFileMode.UserExecute),
    ];

    public static byte[] Pack(params TarEntry[] entries)
    {
        using var bytes = new MemoryStream();
        using (var zipped = new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
        using (var writer = new TarWriter(zipped, TarEntryFormat.Pax))
        {
            foreach (TarEntry entry in entries)
            {
                writer.WriteEntry(entry);
            }
        }

        return bytes.ToArray();
    }

    public static AgentRelease Release(string version, byte[] package, string? signature = null) =>
        new(version, Convert.ToHexStringLower(SHA256.HashData(package)), package.Length, signature);
}
