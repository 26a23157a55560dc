using System.Buffers.Binary;

namespace ThreeClassrooms.Hub.Recordings;

/// <summary>How recorded files are named: so that a file whose entry was lost says itself what it is.</summary>
internal static class RecordingFiles
{
    /// <summary>"lesson/id.stream.mkv", below the recordings folder.</summary>
    public static string NameOf(Guid lesson, Guid id, string stream) => $"{lesson:N}/{id:N}.{Plain(stream)}.mkv";

    /// <summary>The recordings that the folder holds by this naming, as far as their names tell; their length is not known.</summary>
    /// <param name="folder">Recordings of all lessons. Files of other names are left out.</param>
    public static IEnumerable<Recording> In(string folder)
    {
        foreach (string path in Directory.EnumerateFiles(folder, "*.mkv", SearchOption.AllDirectories))
        {
            string[] parts = Path.GetFileName(path).Split('.');
            if (parts.Length == 3 && Guid.TryParseExact(parts[0], "N", out Guid id)
                && Guid.TryParseExact(Path.GetFileName(Path.GetDirectoryName(path)), "N", out Guid lesson))
            {
                yield return new Recording
                {
                    Id = id,
                    LessonId = lesson,
                    StreamId = parts[1],
                    FileName = Path.GetRelativePath(folder, path).Replace('\\', '/'),
                    StartedAt = MadeAt(id),
                    State = RecordingState.Writing,
                };
            }
        }
    }

    /// <summary>When a UUIDv7 was made (RFC 9562 §5.7): its first 48 bits are milliseconds since 1970.</summary>
    private static DateTimeOffset MadeAt(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return DateTimeOffset.FromUnixTimeMilliseconds((long)(BinaryPrimitives.ReadUInt64BigEndian(bytes) >> 16));
    }

    private static string Plain(string stream) => string.Concat(stream.Where(c => char.IsAsciiLetterOrDigit(c) || c == '-'));
}
