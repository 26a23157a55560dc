using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Schools;
using ThreeClassrooms.Hub.Shell;

namespace ThreeClassrooms.Hub.Lessons;

/// <summary>One fact of a lesson in words, for the observer's timeline and the record.</summary>
/// <param name="Tone">"good", "info", "warn" or "bad".</param>
internal sealed record FactLine(DateTimeOffset At, string Text, string Icon, string Tone)
{
    /// <summary>Shown as a tag behind the words; null: none.</summary>
    public string? Note { get; init; }

    /// <returns>Null for facts that readers do not need (readiness, single streams of a classroom).</returns>
    public static FactLine? Of(LessonFact fact, IReadOnlyDictionary<string, string> rooms, Text text)
    {
        if (Look(fact) is not { } look)
        {
            return null;
        }

        string room = fact.SeatId is { } seat && rooms.TryGetValue(seat, out string? name) ? name : fact.SeatId ?? "";
        string extra = fact.Kind switch
        {
            LessonFactKind.Started => text[$"Fact.StartedBy.{fact.Text}"],
            LessonFactKind.Ended => text[$"Fact.EndedBy.{fact.Text}"],
            LessonFactKind.Judged => text[$"Verdict.{fact.Text}"],
            _ => fact.Text ?? "",
        };
        return new FactLine(fact.At, text[$"Fact.{look.Key ?? fact.Kind.ToString()}", room, extra, fact.Number ?? 0], look.Icon, look.Tone);
    }

    /// <summary>A room as people tell it from others: many schools have one of the same name.</summary>
    public static string NameOf(Classroom room) => $"{room.School.Name} {room.Name}";

    private static (string? Key, string Icon, string Tone)? Look(LessonFact fact) => fact.Kind switch
    {
        LessonFactKind.Opened => (null, "door-enter", "info"),
        LessonFactKind.SeatJoined => (null, "plug-connected", "good"),
        LessonFactKind.SeatLeft => (null, "plug-connected-x", "warn"),
        LessonFactKind.ReadinessReported => null,
        LessonFactKind.StreamUp => HostStream(fact, "Up", "good"),
        LessonFactKind.StreamDown => HostStream(fact, "Down", "warn"),
        LessonFactKind.StartOverdue => (null, "alert-triangle", "warn"),
        LessonFactKind.Started => (null, "player-play", "good"),
        LessonFactKind.FirstPicture => (null, "eye", "good"),
        LessonFactKind.Interrupted => (null, "wifi-off", "bad"),
        LessonFactKind.Resumed => (null, "wifi", "good"),
        LessonFactKind.HandRaised => (null, "hand-stop", "info"),
        LessonFactKind.HandLowered => (null, "hand-stop", "info"),
        LessonFactKind.FloorGranted => (null, "microphone", "good"),
        LessonFactKind.FloorTaken => (null, "arrow-left", "info"),
        LessonFactKind.Muted => (null, "microphone-off", "info"),
        LessonFactKind.Unmuted => (null, "microphone", "info"),
        LessonFactKind.Extended => (null, "plus", "info"),
        LessonFactKind.Stopped => (null, "player-stop", "info"),
        LessonFactKind.StopTakenBack => (null, "player-play", "good"),
        LessonFactKind.Ended => (null, "player-stop", "info"),
        LessonFactKind.Cancelled => (null, "ban", "warn"),
        LessonFactKind.Missed => (null, "ban", "bad"),
        LessonFactKind.HubRestarted => (null, "refresh", "warn"),
        LessonFactKind.Judged => (null, "certificate", "good"),
    };

    private static (string? Key, string Icon, string Tone)? HostStream(LessonFact fact, string way, string tone) => fact.Text switch
    {
        StreamIds.HostCamera => ($"HostCamera{way}", "video", tone),
        StreamIds.HostScreen => ($"HostScreen{way}", "screen-share", "info"),
        _ => null,
    };
}
