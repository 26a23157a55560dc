using System.Globalization;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Attendance;

namespace ThreeClassrooms.Hub.Credit.Judging;

/// <summary>
/// Decides whether an occurrence was taught, how long effectively, and what it earns (课时认定). Pure: the same lesson, policy and time give
/// the same verdict. More evidence of presence never makes a verdict worse.
/// </summary>
internal static class Judgement
{
    /// <summary>Observers who differ by more than this are named in the reasons.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(2);

    /// <param name="now">UTC; decides only between "missed" and "not yet", and how long late evidence is waited for.</param>
    public static Verdict Judge(JudgedLesson lesson, CreditPolicy policy, DateTimeOffset now)
    {
        Attended all = Attended.ByAll(lesson, policy), hub = Attended.ByHub(lesson, policy), agents = Attended.ByAgents(lesson, policy);
        TimeSpan required = Required(lesson, policy), effective = all.Effective();
        ReceiverVerdict[] receivers =
        [
            .. lesson.Receivers.Select(r => new ReceiverVerdict(
                r.SeatId, r.Room, all.EffectiveOf(r.SeatId), hub.EffectiveOf(r.SeatId), agents.EffectiveOf(r.SeatId), all.EffectiveOf(r.SeatId) >= required)),
        ];
        JudgementStatus status = StatusOf(lesson, policy, effective, required, now);
        List<Reason> reasons = [.. ReasonsFor(lesson, policy, status, all, effective, required, receivers, now)];
        if (status is JudgementStatus.Valid or JudgementStatus.Partial or JudgementStatus.Invalid
            && (hub.Effective() - agents.Effective()).Duration() > Tolerance)
        {
            reasons.Add(new Reason("observersDiffer", Minutes(hub.Effective()), Minutes(agents.Effective())));
        }

        return new Verdict(
            status, policy.Version, lesson.Planned, required, effective, hub.Effective(), agents.Effective(), receivers,
            [.. Lines(lesson, policy, status, effective, receivers)], reasons);
    }

    /// <summary>有效 from the larger of the policy's minimum and its share of the planned time.</summary>
    internal static TimeSpan Required(JudgedLesson lesson, CreditPolicy policy)
    {
        TimeSpan share = TimeSpan.FromTicks((long)(lesson.Planned.Ticks * policy.ValidShareOfPeriod));
        return share > policy.ValidMinimum ? share : policy.ValidMinimum;
    }

    private static JudgementStatus StatusOf(JudgedLesson lesson, CreditPolicy policy, TimeSpan effective, TimeSpan required, DateTimeOffset now)
    {
        if (lesson.CancelReason is not null)
        {
            return JudgementStatus.Cancelled;
        }

        if (lesson.StartedAt is null)
        {
            return now < lesson.EndsAt ? JudgementStatus.Undetermined
                : !TaughtAlone(lesson, policy) ? JudgementStatus.Missed
                : Awaited(lesson, policy, now).Any() ? JudgementStatus.Undetermined
                : JudgementStatus.Invalid;
        }

        // Evidence of presence can only raise the verdict, so a valid lesson need not wait for more.
        if (effective >= required)
        {
            return JudgementStatus.Valid;
        }

        if (lesson.EndedAt is null || Awaited(lesson, policy, now).Any())
        {
            return JudgementStatus.Undetermined;
        }

        bool earnsShare = policy.Partial == PartialRule.ProRata && effective >= TimeSpan.FromTicks((long)(lesson.Planned.Ticks * policy.PartialFrom));
        return earnsShare && effective > TimeSpan.Zero ? JudgementStatus.Partial : JudgementStatus.Invalid;
    }

    /// <summary>Nobody came to the hub, but the lecturer's room recorded for as long as a partial lesson lasts, cut off from it: not 无故停课.</summary>
    private static bool TaughtAlone(JudgedLesson lesson, CreditPolicy policy) =>
        lesson.RecordedAlone >= TimeSpan.FromTicks((long)(lesson.Planned.Ticks * policy.PartialFrom));

    /// <summary>Classrooms whose own report of the lesson's last minute has not come yet, while it is still waited for.</summary>
    private static IEnumerable<JudgedReceiver> Awaited(JudgedLesson lesson, CreditPolicy policy, DateTimeOffset now)
    {
        DateTimeOffset end = lesson.EndedAt is { } ended && ended < lesson.EndsAt ? ended : lesson.EndsAt;
        return now >= end + policy.LateEvidenceWindow
            ? []
            : lesson.Receivers.Where(r => !lesson.Evidence.Any(e =>
                e.SeatId == r.SeatId && e.Source == EvidenceSource.Agent && e.To >= end - policy.Bridge));
    }

    private static IEnumerable<Reason> ReasonsFor(
        JudgedLesson lesson, CreditPolicy policy, JudgementStatus status, Attended all, TimeSpan effective, TimeSpan required,
        IReadOnlyList<ReceiverVerdict> receivers, DateTimeOffset now)
    {
        switch (status)
        {
            case JudgementStatus.Cancelled:
                return [new Reason("cancelled", lesson.CancelReason ?? "")];
            case JudgementStatus.Missed:
                return [new Reason("missed", Minutes(policy.StartGrace))];
            case JudgementStatus.Undetermined:
                return Awaited(lesson, policy, now).Select(r => new Reason("awaiting", r.Room, Instant(lesson.EndsAt + policy.LateEvidenceWindow)))
                    .DefaultIfEmpty(new Reason("notOver")).Concat(Alone(lesson, policy));
            case JudgementStatus.Valid:
                return [new Reason("valid", Minutes(effective), Minutes(lesson.Planned), Minutes(required)), .. Presence(lesson, policy, all, receivers, required)];
            case JudgementStatus.Partial:
                return [new Reason("partial", Minutes(effective), Minutes(lesson.Planned), Minutes(required)), .. Presence(lesson, policy, all, receivers, required)];
            case JudgementStatus.Invalid:
                return [new Reason("invalid", Minutes(effective), Minutes(lesson.Planned), Minutes(required)), .. Presence(lesson, policy, all, receivers, required)];
            default:
                throw new ArgumentOutOfRangeException(nameof(status), status, null);
        }
    }

    private static IEnumerable<Reason> Presence(JudgedLesson lesson, CreditPolicy policy, Attended all, IReadOnlyList<ReceiverVerdict> receivers, TimeSpan required)
    {
        foreach (Stretch gap in all.Host.Clip(lesson.StartsAt, lesson.EndsAt).Gaps())
        {
            yield return new Reason("hostGap", Instant(gap.From), Instant(gap.To), Minutes(gap.Length));
        }

        foreach (Reason alone in Alone(lesson, policy))
        {
            yield return alone;
        }

        foreach (ReceiverVerdict receiver in receivers)
        {
            yield return receiver.Valid
                ? new Reason("receiverValid", receiver.Room, Minutes(receiver.Effective))
                : new Reason("receiverShort", receiver.Room, Minutes(receiver.Effective), Minutes(required));
        }
    }

    private static Reason[] Alone(JudgedLesson lesson, CreditPolicy policy) =>
        lesson.RecordedAlone > policy.Bridge ? [new Reason("hostAlone", Minutes(lesson.RecordedAlone))] : [];

    private static IEnumerable<CreditLine> Lines(
        JudgedLesson lesson, CreditPolicy policy, JudgementStatus status, TimeSpan effective, IReadOnlyList<ReceiverVerdict> receivers)
    {
        if (status is not (JudgementStatus.Valid or JudgementStatus.Partial))
        {
            yield break;
        }

        RoleRatios ratios = policy.Ratios[lesson.Mode];
        decimal units = Units(lesson, status, effective);
        if (lesson.FiledAt >= lesson.StartsAt)
        {
            yield return new CreditLine(lesson.LecturerId, CreditRole.Lecturer, null, 0, ratios.Lecturer, 0, [new Reason("filedLate")]);
            yield break;
        }

        yield return Line(lesson, lesson.LecturerId, CreditRole.Lecturer, "host", units, ratios.Lecturer);
        foreach (ReceiverVerdict receiver in receivers.Where(r => r.Valid))
        {
            if (lesson.Receivers.First(r => r.SeatId == receiver.SeatId).AssistantId is { } assistant)
            {
                yield return Line(lesson, assistant, CreditRole.Assistant, receiver.SeatId, units, ratios.Assistant);
            }
        }
    }

    private static CreditLine Line(JudgedLesson lesson, Guid teacher, CreditRole role, string seat, decimal units, decimal ratio)
    {
        decimal hours = decimal.Round(units * ratio, 2, MidpointRounding.AwayFromZero);
        string code = lesson.Mode == LessonMode.Networked && ratio == 0
            ? "schoolPoints"
            : role == CreditRole.Lecturer ? "creditLecturer" : "creditAssistant";
        return new CreditLine(teacher, role, seat, units, ratio, hours, [new Reason(code, Hundredths(units), Hundredths(ratio), Hundredths(hours))]);
    }

    /// <summary>课时 of the lesson: planned time in standard periods, cut to hundredths; a partial lesson earns its share of them.</summary>
    private static decimal Units(JudgedLesson lesson, JudgementStatus status, TimeSpan effective)
    {
        decimal planned = decimal.Round((decimal)lesson.Planned.Ticks / lesson.StandardPeriod.Ticks, 2, MidpointRounding.ToZero);
        return status == JudgementStatus.Valid
            ? planned
            : decimal.Round(planned * effective.Ticks / lesson.Planned.Ticks, 2, MidpointRounding.ToZero);
    }

    private static string Minutes(TimeSpan time) => decimal.Round((decimal)time.Ticks / TimeSpan.TicksPerMinute, 1).ToString("0.#", CultureInfo.InvariantCulture);

    private static string Hundredths(decimal value) => value.ToString("0.00", CultureInfo.InvariantCulture);

    private static string Instant(DateTimeOffset at) => at.ToUniversalTime().ToString("o", CultureInfo.InvariantCulture);
}
