using System.Globalization;

namespace ThreeClassrooms.EndToEnd.Stage;

/// <summary>A running program; its start time tells it from a later one of the same number.</summary>
internal readonly record struct RunningProgram(int Id, string Name, ulong StartedAt)
{
    /// <summary>False for a program that has ended but was not yet fetched by its parent.</summary>
    public bool IsAlive => ProcessTable.Read(Id) is { } now && now.Program == this && now.State is not ('Z' or 'X');
}

/// <summary>The kernel's list of programs (proc(5)).</summary>
internal static class ProcessTable
{
    public static IReadOnlyList<RunningProgram> ChildrenOf(int parent) =>
    [
        .. Directory.EnumerateDirectories("/proc").Select(Path.GetFileName)
            .Where(name => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            .Select(name => Read(int.Parse(name!, CultureInfo.InvariantCulture)))
            .Where(p => p is { } found && found.Parent == parent)
            .Select(p => p!.Value.Program),
    ];

    /// <returns>Null: there is no such program.</returns>
    public static (RunningProgram Program, int Parent, char State)? Read(int id)
    {
        try
        {
            string line = File.ReadAllText($"/proc/{id}/stat");
            int open = line.IndexOf('(', StringComparison.Ordinal), close = line.LastIndexOf(')');
            string[] fields = line[(close + 2)..].Split(' ');
            var program = new RunningProgram(id, line[(open + 1)..close], ulong.Parse(fields[19], CultureInfo.InvariantCulture));
            return (program, int.Parse(fields[1], CultureInfo.InvariantCulture), fields[0][0]);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
