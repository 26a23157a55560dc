using System.Runtime.CompilerServices;

namespace ThreeClassrooms.Hub.Tests.Pages;

/// <summary>The hub's sources as they lie in the repository.</summary>
internal static class SourceFiles
{
    public static string Hub { get; } = Path.GetFullPath(Path.Combine(Here(), "../../../hub"));

    /// <summary>Pages and their parts, without build output.</summary>
    public static IEnumerable<string> Pages => Of(Hub, "*.cshtml");

    /// <summary>The browser's own modules, without the vendored libraries.</summary>
    public static IEnumerable<string> Scripts => Of(Path.Combine(Hub, "wwwroot", "js"), "*.js");

    public static IEnumerable<string> Styles => Of(Path.Combine(Hub, "wwwroot", "css"), "*.css");

    /// <summary>Everything that people read, of hub and agent.</summary>
    public static IEnumerable<string> Resources => Of(Hub, "*.resx").Concat(Of(Path.Combine(Hub, "..", "classroom-agent"), "*.resx"));

    public static string Name(string path) => Path.GetRelativePath(Hub, path);

    private static IEnumerable<string> Of(string folder, string pattern) => Directory.EnumerateFiles(folder, pattern, SearchOption.AllDirectories)
        .Where(f => !Name(f).Split('/', '\\').Any(part => part is "bin" or "obj" or "lib"));

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
