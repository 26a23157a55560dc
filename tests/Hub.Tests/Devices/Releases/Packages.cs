using System.Formats.Tar;
using System.IO.Compression;
using System.Text;

namespace ThreeClassrooms.Hub.Tests.Devices.Releases;

/// <summary>Packages as a build makes them, and some as nobody should.</summary>
internal static class Packages
{
    public const string Program = "ThreeClassrooms.Agent.dll", Mark = "release.json";

    public static byte[] Of(string version, string content = "agent") => Of((Mark, $$"""{"version":"{{version}}"}"""), (Program, content));

    public static byte[] Of(params (string Name, string Content)[] files)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        using (var tar = new TarWriter(gzip, TarEntryFormat.Gnu))
        {
            foreach ((string name, string text) in files)
            {
                tar.WriteEntry(new GnuTarEntry(TarEntryType.RegularFile, name) { ModificationTime = DateTimeOffset.UnixEpoch, DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)) });
            }
        }

        return packed.ToArray();
    }

    public static byte[] Zipped(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }
}
