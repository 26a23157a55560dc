namespace ThreeClassrooms.Hub.Credit.Judging;

/// <summary>Until when late evidence changes a judgement: the one place that says so.</summary>
internal static class EvidenceWindow
{
    /// <summary>A lesson's hours are provisional until this instant (exclusive).</summary>
    /// <param name="endsAt">As planned: holds for a lesson that nobody started.</param>
    /// <param name="endedAt">When it really ended; null: it did not, or not yet.</param>
    public static DateTimeOffset ClosesAt(DateTimeOffset endsAt, DateTimeOffset? endedAt, CreditPolicy policy) =>
        (endedAt ?? endsAt) + policy.LateEvidenceWindow;

    public static DateTimeOffset ClosesAt(JudgedLesson lesson, CreditPolicy policy) => ClosesAt(lesson.EndsAt, lesson.EndedAt, policy);
}
