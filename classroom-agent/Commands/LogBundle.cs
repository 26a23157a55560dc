using System.IO.Compression;

namespace ThreeClassrooms.Agent.Commands;

/// <summary>The end of the agent's log, packed. The log holds no secret: none is ever an argument of a log message.</summary>
internal static class LogBundle
{
    /// <summary>Packed, bytes.</summary>
    public const int Most = 1 << 20;

    /// <summary>Of the log's end, bytes; halved until it fits.</summary>
    private const int Tail = 4 << 20;

    /// <returns>Gzip; null: there is no log.</returns>
    public static byte[]? Pack(string folder)
    {
        if (!Directory.Exists(folder))
        {
            return null;
        }

        byte[] text = Read([.. Directory.EnumerateFiles(folder, "agent-*.log").Order(StringComparer.Ordinal)]);
        for (int take = text.Length; take > 0; take /= 2)
        {
            using var packed = new MemoryStream();
            using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            {
                gzip.Write(text.AsSpan(text.Length - take));
            }

            if (packed.Length <= Most)
            {
                return packed.ToArray();
            }
        }

        return null;
    }

    /// <summary>The last bytes over all files, in the order in which they were written.</summary>
    private static byte[] Read(IReadOnlyList<string> files)
    {
        LinkedList<byte[]> parts = [];
        int left = Tail;
        foreach (string path in files.Reverse())
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            byte[] part = new byte[Math.Min(left, file.Length)];
            file.Seek(-part.Length, SeekOrigin.End);
            file.ReadExactly(part);
            parts.AddFirst(part);
            left -= part.Length;
            if (left == 0)
            {
                break;
            }
        }

        return [.. parts.SelectMany(p => p)];
    }
}
