using ThreeClassrooms.Agent.Enrolment;

namespace ThreeClassrooms.Agent.Simulation;

/// <summary>Claim codes from a list as the hub gives it: a line each, the code in any column (comma, semicolon, tab). Pure.</summary>
internal static class CodeList
{
    /// <param name="fault">The first line that has no code and is no heading; 0: none.</param>
    /// <returns>Each code once, in the list's order.</returns>
    public static IReadOnlyList<string> Read(string text, out int fault)
    {
        fault = 0;
        List<string> codes = [];
        string[] lines = text.Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i].Trim('\r', '\uFEFF', ' ');
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            string? code = line.Split(',', ';', '\t').Select(column => Enroller.Normalise(column.Trim('"', ' '))).FirstOrDefault(found => found is not null);
            if (code is not null)
            {
                codes.Add(code);
            }
            else if (i > 0 && fault == 0)
            {
                fault = i + 1;
            }
        }

        return [.. codes.Distinct(StringComparer.Ordinal)];
    }
}
