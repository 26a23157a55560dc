namespace ThreeClassrooms.Hub.Devices.Fleet;

internal enum RoomLineFault
{
    BadLine,
    UnknownSchool,
    UnknownRoom,

    /// <summary>The same room stands further up.</summary>
    Twice,
    TooMany,
}

/// <summary>A room that a code may be made for.</summary>
internal sealed record CodeRoom(Guid Id, string School, string Name, bool HasDevice);

/// <summary>One line of a list of rooms, checked.</summary>
/// <param name="Number">From 1, as the editor counts.</param>
/// <param name="Room">Null when there is a fault.</param>
internal sealed record RoomLine(int Number, string School, string Name, CodeRoom? Room, RoomLineFault? Fault);

/// <summary>Reads a list of rooms as people write it: comma, semicolon or tab between, quotes around, a heading above. Pure.</summary>
internal static class RoomLines
{
    public const int Most = 200;

    private static readonly char[] Separators = [',', ';', '\t', '，', '；'];

    public static IReadOnlyList<RoomLine> Read(string text, IReadOnlyCollection<CodeRoom> rooms)
    {
        ILookup<string, CodeRoom> bySchool = rooms.ToLookup(r => r.School);
        HashSet<Guid> named = [];
        List<RoomLine> lines = [];
        int number = 0;
        foreach (string line in text.TrimStart('\uFEFF').Split('\n'))
        {
            number++;
            if (line.Trim().Length == 0)
            {
                continue;
            }

            string[] cells = [.. line.Split(Separators, 3).Select(c => c.Trim().Trim('"').Trim())];
            RoomLine read = cells is [{ Length: > 0 } school, { Length: > 0 } room, ..]
                ? Check(number, school, room, bySchool, named)
                : new RoomLine(number, line.Trim() is { Length: > 60 } longLine ? longLine[..60] : line.Trim(), "", null, RoomLineFault.BadLine);

            // The first line of a table that came from an office program is often its heading.
            if (!(lines.Count == 0 && number == 1 && read.Fault == RoomLineFault.UnknownSchool && cells.Length >= 2 && IsHeading(cells)))
            {
                lines.Add(lines.Count < Most ? read : read with { Room = null, Fault = RoomLineFault.TooMany });
            }

            if (lines.Count > Most)
            {
                break;
            }
        }

        return lines;
    }

    private static RoomLine Check(int number, string school, string room, ILookup<string, CodeRoom> bySchool, HashSet<Guid> named)
    {
        if (!bySchool.Contains(school))
        {
            return new RoomLine(number, school, room, null, RoomLineFault.UnknownSchool);
        }

        CodeRoom? found = bySchool[school].FirstOrDefault(r => r.Name == room);
        return found is null ? new RoomLine(number, school, room, null, RoomLineFault.UnknownRoom)
            : !named.Add(found.Id) ? new RoomLine(number, school, room, null, RoomLineFault.Twice)
            : new RoomLine(number, school, room, found, null);
    }

    /// <summary>学校,教室 or school,room: no line of a table ends so.</summary>
    private static bool IsHeading(string[] cells) =>
        (cells[0] is "学校" or "学校名称" || cells[0].Equals("school", StringComparison.OrdinalIgnoreCase))
        && (cells[1] is "教室" or "教室名称" || cells[1].Equals("room", StringComparison.OrdinalIgnoreCase) || cells[1].Equals("classroom", StringComparison.OrdinalIgnoreCase));
}
