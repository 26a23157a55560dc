using Microsoft.AspNetCore.SignalR;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Hub.Lessons;

/// <summary>Speaks to everybody connected to the lesson hub. Thread-safe.</summary>
internal sealed class LessonAudience(IHubContext<LessonHub> hub)
{
    public const string Board = "board";

    public static string OfLesson(Guid lessonId) => $"lesson:{lessonId}";

    public static string OfRoom(Guid classroomId) => $"room:{classroomId}";

    public Task TellAsync(LessonSnapshot snapshot) =>
        hub.Clients.Group(OfLesson(snapshot.LessonId)).SendAsync(LessonHubNames.LessonChanged, snapshot);

    public Task TellAsync(Guid lessonId, ChatLine line) => hub.Clients.Group(OfLesson(lessonId)).SendAsync(LessonHubNames.ChatPosted, line);

    public Task TellBoardAsync() => hub.Clients.Group(Board).SendAsync(LessonHubNames.BoardChanged);

    public Task TellRoomsAsync(IEnumerable<Guid> classroomIds) =>
        hub.Clients.Groups([.. classroomIds.Select(OfRoom)]).SendAsync(LessonHubNames.TimetableChanged);
}
