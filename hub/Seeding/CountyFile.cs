using System.Text.Json;
using System.Text.Json.Serialization;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Schools;

namespace ThreeClassrooms.Hub.Seeding;

/// <summary>A county as one JSON file: schools with their bells, rooms, classes and teachers, pairings, accounts and a week of lessons.</summary>
internal sealed record CountyFile
{
    public required string County { get; init; }

    /// <summary>A county to play with: its accounts and their passwords are shown on the sign-in page.</summary>
    public bool Demo { get; init; }

    public required IReadOnlyList<SchoolRow> Schools { get; init; }

    public IReadOnlyList<PairingRow> Pairings { get; init; } = [];

    public IReadOnlyList<AccountRow> Accounts { get; init; } = [];

    public IReadOnlyList<LessonRow> Lessons { get; init; } = [];

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    /// <exception cref="JsonException">The file is not a county file; the message says where.</exception>
    public static CountyFile Read(string path)
    {
        using FileStream file = File.OpenRead(path);
        return JsonSerializer.Deserialize<CountyFile>(file, Json)!;
    }

    /// <inheritdoc cref="Read"/>
    public static CountyFile Parse(string json) => JsonSerializer.Deserialize<CountyFile>(json, Json) ?? throw new JsonException("empty");
}

internal sealed record SchoolRow
{
    public string? Code { get; init; }

    public required string Name { get; init; }

    public required SchoolKind Kind { get; init; }

    public required string Town { get; init; }

    /// <summary>Per stage the starts of the periods, first to last, local time.</summary>
    public required IReadOnlyList<BellsRow> Bells { get; init; }

    public required IReadOnlyList<RoomRow> Rooms { get; init; }

    public IReadOnlyList<ClassRow> Classes { get; init; } = [];

    public IReadOnlyList<TeacherRow> Teachers { get; init; } = [];
}

/// <param name="Minutes">Length of every period.</param>
internal sealed record BellsRow(Stage Stage, int Minutes, IReadOnlyList<TimeOnly> Starts);

internal sealed record RoomRow(string Name, DeviceRole Equipment);

internal sealed record ClassRow(string Name, Stage Stage, int Grade, int Pupils);

/// <param name="Login">Gives the teacher an account; null: none.</param>
internal sealed record TeacherRow(string Name, Honour Honour = Honour.None, string? Login = null);

internal sealed record PairingRow(string Main, string Receiving);

/// <param name="Password">Only sensible in a demo. Without it the account cannot sign in until a password is set.</param>
internal sealed record AccountRow(string Login, string Name, string Role, string? School = null, string? Password = null);

/// <param name="Day">Days after the day of seeding; 0 is that day.</param>
/// <param name="Period">Of the host school's bells.</param>
internal sealed record LessonRow(
    int Day, int Period, LessonMode Mode, Stage Stage, string Subject, string Topic, string School, string Room, string Lecturer,
    IReadOnlyList<ReceiverRow> Receivers)
{
    public string? Class { get; init; }

    public bool StartsByTimetable { get; init; }
}

internal sealed record ReceiverRow(string School, string Room, string? Class = null, string? Assistant = null);
