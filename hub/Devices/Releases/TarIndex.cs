using System.Text;

namespace ThreeClassrooms.Hub.Devices.Releases;

/// <summary>A file in a tar archive.</summary>
/// <param name="Content">Only of files that were asked for and are small; else null.</param>
internal sealed record TarFile(string Name, byte[]? Content);

/// <summary>
/// Reads which files a tar archive holds (POSIX ustar, 512-byte blocks). Foreign bytes: what does not fit is "no archive", never an exception; nothing is written
/// anywhere and no more is kept than names and small contents. Long names (pax, GNU) are passed over.
/// </summary>
internal static class TarIndex
{
    private const int Block = 512, MostFiles = 20_000;

    /// <summary>Unpacked; an agent has some 100 MiB.</summary>
    private const long MostBytes = 2L << 30;

    /// <param name="kept">The file whose content is wanted.</param>
    /// <param name="most">Bytes of it; a larger one has no content here.</param>
    /// <returns>Null: not a tar archive, or larger than any honest one.</returns>
    public static async Task<IReadOnlyList<TarFile>?> ReadAsync(Stream tar, string kept, int most, CancellationToken cancel)
    {
        List<TarFile> files = [];
        byte[] block = new byte[Block], waste = new byte[64 << 10];
        for (long total = 0; files.Count <= MostFiles && total <= MostBytes;)
        {
            if (await tar.ReadAtLeastAsync(block, Block, throwOnEndOfStream: false, cancel) < Block)
            {
                return null; // cut off: an archive ends with blocks of zeros
            }

            if (block.AsSpan().IndexOfAnyExcept((byte)0) < 0)
            {
                await SkipAsync(tar, MostBytes, waste, cancel); // to the very end, so that the packing's own check sum is looked at
                return files;
            }

            if (!IsHeader(block) || SizeOf(block) is not { } size || size > MostBytes - total)
            {
                return null;
            }

            long padded = (size + Block - 1) / Block * Block;
            total += Block + padded;
            string name = NameOf(block);
            byte[]? content = null;
            if (name == kept && size <= most && IsFile(block))
            {
                content = new byte[size];
                if (await tar.ReadAtLeastAsync(content, content.Length, throwOnEndOfStream: false, cancel) < content.Length)
                {
                    return null;
                }

                padded -= size;
            }

            if (await SkipAsync(tar, padded, waste, cancel) < padded)
            {
                return null;
            }

            if (IsFile(block))
            {
                files.Add(new TarFile(name, content));
            }
        }

        return null;
    }

    /// <returns>How many bytes there were, <paramref name="count"/> at most.</returns>
    private static async Task<long> SkipAsync(Stream tar, long count, byte[] waste, CancellationToken cancel)
    {
        long left = count;
        while (left > 0 && await tar.ReadAsync(waste.AsMemory(0, (int)Math.Min(left, waste.Length)), cancel) is > 0 and var got)
        {
            left -= got;
        }

        return count - left;
    }

    /// <summary>The check sum at 148 counts itself as eight spaces.</summary>
    private static bool IsHeader(ReadOnlySpan<byte> block)
    {
        long sum = 8 * ' ';
        for (int i = 0; i < Block; i++)
        {
            sum += i is >= 148 and < 156 ? 0 : block[i];
        }

        return Octal(block[148..156]) == sum;
    }

    private static bool IsFile(ReadOnlySpan<byte> block) => block[156] is 0 or (byte)'0';

    private static long? SizeOf(ReadOnlySpan<byte> block) => Octal(block[124..136]);

    private static string NameOf(ReadOnlySpan<byte> block)
    {
        string name = TextOf(block[..100]), folder = block[257..262].SequenceEqual("ustar"u8) && block[262] == 0 ? TextOf(block[345..500]) : "";
        string path = folder.Length > 0 ? $"{folder}/{name}" : name;
        return path.StartsWith("./", StringComparison.Ordinal) ? path[2..] : path;
    }

    private static string TextOf(ReadOnlySpan<byte> field) => Encoding.UTF8.GetString(field[..(field.IndexOf((byte)0) is >= 0 and var end ? end : field.Length)]);

    private static long? Octal(ReadOnlySpan<byte> field)
    {
        ReadOnlySpan<byte> digits = field.Trim(" \0"u8);
        long value = 0;
        foreach (byte digit in digits)
        {
            if (digit is < (byte)'0' or > (byte)'7')
            {
                return null;
            }

            value = (value << 3) | (uint)(digit - '0');
        }

        return digits.Length is > 0 and <= 12 ? value : null;
    }
}
