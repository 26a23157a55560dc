using Microsoft.Extensions.Logging;
using ThreeClassrooms.Agent.Enrolment;

namespace ThreeClassrooms.Agent.Timetable;

internal static partial class TimetableLog
{
    [LoggerMessage(2001, LogLevel.Information, "Timetable fetched: {Count} lessons")]
    public static partial void TimetableFetched(this ILogger log, int count);

    [LoggerMessage(2002, LogLevel.Debug, "No timetable from the hub ({Refusal}); the local copy serves")]
    public static partial void TimetableRefused(this ILogger log, HubRefusal refusal);
}
