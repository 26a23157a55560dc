using ThreeClassrooms.Hub.Schools;
using ThreeClassrooms.Hub.Shell;

namespace ThreeClassrooms.Hub.Timetable;

/// <summary>Findings and conflicts as sentences in the language of the request.</summary>
internal sealed class PlanWords(Text text, CountyClock clock)
{
    public string Of(PlanFinding finding) => text[$"Plan.Fault.{finding.Fault}", [.. finding.About.Select(Plain)]];

    public string Of(TimetableRefusal refusal) => text.Word("Plan.Refusal", refusal);

    /// <summary>Which room, whom or which class, and the lesson that has it.</summary>
    public string Of(PlanConflict conflict)
    {
        Occurrence with = conflict.With;
        string lesson = text[
            "Plan.Conflict.Lesson", $"{clock.Day(clock.DayOf(with.StartsAt))} {clock.Time(with.StartsAt)}–{clock.Time(with.EndsAt)}", with.Subject, with.Topic,
            with.Lecturer.Name, with.Host.Classroom.School.Name];
        return text[$"Plan.Conflict.{conflict.Kind}", conflict.Who, lesson];
    }

    private object Plain(object value) => value is Stage stage ? text.Word("Stage", stage) : value;
}
