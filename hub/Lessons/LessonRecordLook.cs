using ThreeClassrooms.Hub.Credit;

namespace ThreeClassrooms.Hub.Lessons;

/// <summary>How a judgement looks.</summary>
internal static class LessonRecordLook
{
    /// <summary>Class of the tag.</summary>
    public static string ToneOf(JudgementStatus status) => status switch
    {
        JudgementStatus.Valid => "is-good",
        JudgementStatus.Partial => "is-warn",
        JudgementStatus.Invalid or JudgementStatus.Missed => "is-bad",
        JudgementStatus.Cancelled => "",
        JudgementStatus.Undetermined => "is-info",
    };
}
