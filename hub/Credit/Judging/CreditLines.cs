using System.Globalization;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Hub.Credit.Judging;

/// <summary>What a lesson earns: one line per person at most, the lecturer's first. Pure.</summary>
internal static class CreditLines
{
    /// <param name="effective">Decides the share of a partial lesson.</param>
    public static IEnumerable<CreditLine> Of(
        JudgedLesson lesson, CreditPolicy policy, JudgementStatus status, TimeSpan effective, IReadOnlyList<ReceiverVerdict> receivers)
    {
        bool counts = status is JudgementStatus.Valid or JudgementStatus.Partial;
        bool roomsAlone = status == JudgementStatus.Invalid && policy.RoomWithoutQuorum == RoomWithoutQuorum.Assistant && lesson.Decision is null;
        if (!counts && !roomsAlone)
        {
            yield break;
        }

        RoleRatios ratios = policy.Ratios[lesson.Mode];
        if (lesson.FiledAt >= lesson.StartsAt)
        {
            yield return new CreditLine(lesson.LecturerId, CreditRole.Lecturer, null, 0, ratios.Lecturer, 0, [new Reason("filedLate")]);
            yield break;
        }

        HashSet<Guid> named = [lesson.LecturerId];
        if (counts)
        {
            yield return Line(lesson, policy, lesson.LecturerId, CreditRole.Lecturer, "host", Units(lesson, status, effective), ratios.Lecturer);
        }

        foreach (ReceiverVerdict receiver in receivers.Where(r => r.Valid))
        {
            if (lesson.Receivers.First(r => r.SeatId == receiver.SeatId).AssistantId is { } assistant && named.Add(assistant))
            {
                yield return Line(lesson, policy, assistant, CreditRole.Assistant, receiver.SeatId, Units(lesson, counts ? status : JudgementStatus.Valid, effective), ratios.Assistant);
            }
        }
    }

    private static CreditLine Line(JudgedLesson lesson, CreditPolicy policy, Guid teacher, CreditRole role, string seat, decimal units, decimal ratio)
    {
        if (lesson.CreditedElsewhere.TryGetValue(teacher, out string? other))
        {
            return new CreditLine(teacher, role, seat, 0, ratio, 0, [new Reason("elsewhere", other)]);
        }

        decimal hours = decimal.Round(units * ratio, 2, MidpointRounding.AwayFromZero);
        string code = lesson.Mode == LessonMode.Networked && ratio == 0
            ? "schoolPoints"
            : role == CreditRole.Lecturer ? "creditLecturer" : "creditAssistant";
        var reason = new Reason(code, Hundredths(units), Hundredths(ratio), Hundredths(hours));
        return new CreditLine(teacher, role, seat, units, ratio, hours, units == 1 ? [reason] : [reason, PolicyRules.Of(policy.LongLesson)]);
    }

    /// <summary>课时 of the lesson: planned time in standard periods, cut to hundredths; a partial lesson earns its share of them.</summary>
    private static decimal Units(JudgedLesson lesson, JudgementStatus status, TimeSpan effective)
    {
        decimal planned = decimal.Round((decimal)lesson.Planned.Ticks / lesson.StandardPeriod.Ticks, 2, MidpointRounding.ToZero);
        return status == JudgementStatus.Valid
            ? planned
            : decimal.Round(planned * effective.Ticks / lesson.Planned.Ticks, 2, MidpointRounding.ToZero);
    }

    private static string Hundredths(decimal value) => value.ToString("0.00", CultureInfo.InvariantCulture);
}
