using System.Reflection;
using System.Text.Json;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Updating;

/// <summary>Which version the running program is: what its <c>release.json</c> says, else what it was built as. Reports of any kind take it from here.</summary>
internal static class AgentVersion
{
    public static string Current { get; } = Of(AppContext.BaseDirectory) ?? Built;

    private static string Built =>
        typeof(AgentVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    /// <returns>Null: the program's files in <paramref name="folder"/> do not say.</returns>
    public static string? Of(string folder)
    {
        try
        {
            ReleaseMark? mark = JsonSerializer.Deserialize<ReleaseMark>(File.ReadAllBytes(Path.Combine(folder, AgentReleases.MarkFile)), Wire.Json);
            return mark is not null && AgentReleases.IsVersion(mark.Version) ? mark.Version : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }
}
