using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace ThreeClassrooms.Agent.Children;

/// <summary>
/// Where the children's sockets are: one place per data folder, so that whatever an agent left that was killed is found and wiped by the next one.
/// Not in the data folder itself: a socket's path may have 107 bytes, and a data folder's may be longer.
/// </summary>
internal static partial class SocketFolder
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Makes it below the service's runtime folder (systemd's <c>RUNTIME_DIRECTORY</c>) or, without one, the temporary folder.</summary>
    /// <returns>An empty folder that only this user may enter.</returns>
    public static string Make(string data) =>
        Make(data, Environment.GetEnvironmentVariable("RUNTIME_DIRECTORY") is { Length: > 0 } own ? own.Split(':')[0] : Path.GetTempPath());

    internal static string Make(string data, string below)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(Path.TrimEndingDirectorySeparator(Path.GetFullPath(data))));
        string folder = Path.Combine(below, "agent-" + Convert.ToHexStringLower(hash.AsSpan(0, 8)));
        if (IsOurs(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        // mkdir and not CreateDirectory: it fails when somebody was there first, and then takes nothing over.
        return MakeDirectory(folder, (uint)Owner) == 0 ? folder : Directory.CreateTempSubdirectory("agent-").FullName;
    }

    /// <summary>A folder and no link to one, and of this user: in a temporary folder everybody may take any name.</summary>
    internal static bool IsOurs(string folder)
    {
        const int currentFolder = -100, noFollow = 0x100, ownerAndType = 0x9, typeMask = 0xF000, typeFolder = 0x4000;
        byte[] found = new byte[256]; // struct statx, the same on every architecture: owner at 20, mode at 28
        return Status(currentFolder, folder, noFollow, ownerAndType, found) == 0
            && BinaryPrimitives.ReadUInt32LittleEndian(found.AsSpan(20)) == EffectiveUser()
            && (BinaryPrimitives.ReadUInt16LittleEndian(found.AsSpan(28)) & typeMask) == typeFolder;
    }

    [LibraryImport("libc", EntryPoint = "mkdir", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MakeDirectory(string path, uint mode);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Status(int folder, string path, int flags, uint mask, [Out] byte[] status);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();
}
