namespace ThreeClassrooms.Hub.Credit.Judging;

/// <summary>
/// Decides whether an occurrence was taught, how long effectively, and what it earns (课时认定). Pure: the same lesson, policy and time give
/// the same verdict. More that the hub saw never makes a verdict worse. What evidence alone cannot decide waits for a person.
/// </summary>
internal static class Judgement
{
    /// <param name="now">UTC; decides only between "missed" and "not yet", and how long late evidence is waited for.</param>
    public static Verdict Judge(JudgedLesson lesson, CreditPolicy policy, DateTimeOffset now)
    {
        var sights = new Sights(
            Attended.ByAll(lesson, policy), Attended.ByHub(lesson, policy), Attended.ByAgents(lesson, policy), Attended.AtBest(lesson, policy), Required(lesson, policy));
        JudgementStatus status = lesson.Decision?.Outcome ?? StatusOf(lesson, policy, sights, now);
        ReceiverVerdict[] receivers = [.. lesson.Receivers.Select(r => ReceiverOf(r, lesson, policy, sights))];
        return new Verdict(
            status, policy.Version, lesson.Planned, sights.Required, sights.All.Effective(), sights.Hub.Effective(), sights.Agents.Effective(), receivers,
            [.. CreditLines.Of(lesson, policy, status, sights.All.Effective(), receivers)],
            [.. new JudgementReasons(lesson, policy, sights, now).For(status, receivers)])
        {
            NeedsDecision = lesson.Decision is null && (status == JudgementStatus.Undetermined && InDoubt(lesson, policy, sights) || receivers.Any(r => r.InDoubt)),
        };
    }

    /// <summary>有效 from the larger of the policy's minimum and its share of the planned time.</summary>
    internal static TimeSpan Required(JudgedLesson lesson, CreditPolicy policy)
    {
        TimeSpan share = TimeSpan.FromTicks((long)(lesson.Planned.Ticks * policy.ValidShareOfPeriod));
        return share > policy.ValidMinimum ? share : policy.ValidMinimum;
    }

    /// <summary>Observations come about once a second: what is short by no more than the policy's tolerance is not short.</summary>
    internal static bool Reaches(TimeSpan effective, TimeSpan required, CreditPolicy policy) =>
        effective > TimeSpan.Zero && effective + policy.SamplingTolerance >= required;

    /// <summary>Classrooms whose own report of the lesson's last minute has not come yet, while it is still waited for.</summary>
    internal static IEnumerable<JudgedReceiver> Awaited(JudgedLesson lesson, CreditPolicy policy, DateTimeOffset now)
    {
        DateTimeOffset end = lesson.EndedAt is { } ended && ended < lesson.EndsAt ? ended : lesson.EndsAt;
        return now >= EvidenceWindow.ClosesAt(lesson, policy)
            ? []
            : lesson.Receivers.Where(r => !lesson.Evidence.Any(e =>
                e.SeatId == r.SeatId && e.Source == Attendance.EvidenceSource.Agent && e.To >= end - policy.Bridge));
    }

    /// <summary>The lecturer's room recorded for as long as a partial lesson lasts, cut off from the hub: somebody may have taught there.</summary>
    internal static bool TaughtAlone(JudgedLesson lesson, CreditPolicy policy) =>
        lesson.RecordedAlone >= TimeSpan.FromTicks((long)(lesson.Planned.Ticks * policy.PartialFrom));

    /// <summary>Cancelled when it was already due, without anybody having come: that is no cancelling any more.</summary>
    internal static bool CancelledTooLate(JudgedLesson lesson, CreditPolicy policy) =>
        lesson.CancelledAt is { } at && at >= lesson.StartsAt + policy.CancelGrace;

    private static JudgementStatus StatusOf(JudgedLesson lesson, CreditPolicy policy, Sights sights, DateTimeOffset now)
    {
        if (lesson.StartedAt is null)
        {
            return lesson.CancelledAt is not null && !CancelledTooLate(lesson, policy) ? JudgementStatus.Cancelled
                : lesson.CancelledAt is null && now < lesson.EndsAt ? JudgementStatus.Undetermined
                : InDoubt(lesson, policy, sights) ? JudgementStatus.Undetermined
                : JudgementStatus.Missed;
        }

        TimeSpan effective = sights.All.Effective();
        if (Reaches(effective, sights.Required, policy))
        {
            return JudgementStatus.Valid;
        }

        if (lesson.EndedAt is null || Awaited(lesson, policy, now).Any() || InDoubt(lesson, policy, sights))
        {
            return JudgementStatus.Undetermined;
        }

        bool earnsShare = policy.Partial == PartialRule.ProRata && effective >= TimeSpan.FromTicks((long)(lesson.Planned.Ticks * policy.PartialFrom));
        return earnsShare && effective > TimeSpan.Zero ? JudgementStatus.Partial : JudgementStatus.Invalid;
    }

    /// <summary>
    /// Something that the hub cannot know would make another lesson of it: it was away itself, a room claims what it was not served, or the
    /// lecturer's room taught alone.
    /// </summary>
    private static bool InDoubt(JudgedLesson lesson, CreditPolicy policy, Sights sights) =>
        TaughtAlone(lesson, policy)
        || (lesson.StartedAt is null
            ? Attended.Outages(lesson, policy).Length > TimeSpan.Zero || lesson.Receivers.Any(r => Attended.Unserved(lesson, policy, r.SeatId).Length > TimeSpan.Zero)
            : Reaches(sights.AtBest.Effective(), sights.Required, policy) && !Reaches(sights.All.Effective(), sights.Required, policy));

    private static ReceiverVerdict ReceiverOf(JudgedReceiver receiver, JudgedLesson lesson, CreditPolicy policy, Sights sights)
    {
        string seat = receiver.SeatId;
        bool valid = lesson.Decision is { } decision
            ? decision.Outcome == JudgementStatus.Valid && decision.Rooms.Contains(seat)
            : Reaches(sights.All.EffectiveOf(seat), sights.Required, policy);
        return new ReceiverVerdict(
            seat, receiver.Room, sights.All.EffectiveOf(seat), sights.Hub.EffectiveOf(seat), sights.Agents.EffectiveOf(seat), valid)
        {
            Seen = sights.All.EffectiveOf(seat, Track.Picture),
            Heard = sights.All.EffectiveOf(seat, Track.Sound),
            InDoubt = lesson.Decision is null && !valid && lesson.StartedAt is not null && Reaches(sights.AtBest.EffectiveOf(seat), sights.Required, policy),
        };
    }
}

/// <summary>One lesson as seen by all, by each side, and at best.</summary>
/// <param name="Required">Effective time from which it is valid.</param>
internal sealed record Sights(Attended All, Attended Hub, Attended Agents, Attended AtBest, TimeSpan Required);
