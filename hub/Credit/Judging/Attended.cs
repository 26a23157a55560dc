using ThreeClassrooms.Hub.Attendance;

namespace ThreeClassrooms.Hub.Credit.Judging;

/// <summary>Who was there when, as one observer (or all together) saw it; gaps bridged, clipped to the lesson as it was held and to the planned window with its margin.</summary>
internal sealed class Attended
{
    private readonly TimeSpan _planned;
    private readonly int _quorum;
    private readonly Dictionary<string, TimeSpanSet> _receivers;

    private Attended(TimeSpanSet host, Dictionary<string, TimeSpanSet> receivers, TimeSpan planned, int quorum) =>
        (Host, _receivers, _planned, _quorum) = (host, receivers, planned, quorum);

    public TimeSpanSet Host { get; }

    /// <summary>The hub's view: packets that came from the host, and went to and were confirmed by each receiver.</summary>
    public static Attended ByHub(JudgedLesson lesson, CreditPolicy policy) =>
        Make(lesson, policy, HostBy(lesson, EvidenceSource.Hub), r => Good(lesson, r, EvidenceSource.Hub));

    /// <summary>
    /// The classrooms' view: pictures that were decoded. Where the lecturer taught from a browser nobody but the receivers can witness, so a
    /// picture received from the lecturer is proof that the lecturer was there.
    /// </summary>
    public static Attended ByAgents(JudgedLesson lesson, CreditPolicy policy)
    {
        TimeSpanSet own = HostBy(lesson, EvidenceSource.Agent);
        TimeSpanSet witnessed = TimeSpanSet.InAtLeast(1, lesson.Receivers.Select(r => Good(lesson, r.SeatId, EvidenceSource.Agent)));
        return Make(lesson, policy, own.Union(witnessed), r => Good(lesson, r, EvidenceSource.Agent));
    }

    /// <summary>
    /// Both together: what either saw, except the stretches of which the classroom itself says that they did not go well. The hub knows
    /// what it sent; only the classroom knows what was on the screen.
    /// </summary>
    public static Attended ByAll(JudgedLesson lesson, CreditPolicy policy) =>
        Make(
            lesson, policy, HostBy(lesson, EvidenceSource.Hub).Union(HostBy(lesson, EvidenceSource.Agent)),
            r => Good(lesson, r, EvidenceSource.Hub).Union(Good(lesson, r, EvidenceSource.Agent)).Except(Bad(lesson, r)));

    /// <summary>Time in which the host and at least the quorum of receivers were there together; never more than planned.</summary>
    public TimeSpan Effective() => Cap(Host.Intersect(TimeSpanSet.InAtLeast(_quorum, _receivers.Values)).Length);

    /// <summary>Time in which the host and this receiver were there together; never more than planned.</summary>
    public TimeSpan EffectiveOf(string seatId) => Cap(Host.Intersect(_receivers[seatId]).Length);

    public TimeSpanSet Receiver(string seatId) => _receivers[seatId];

    private static Attended Make(JudgedLesson lesson, CreditPolicy policy, TimeSpanSet host, Func<string, TimeSpanSet> receiver)
    {
        // Streams run before the lecturer presses start and after the end: only the lesson itself counts.
        DateTimeOffset from = Later(lesson.StartsAt - policy.Margin, lesson.StartedAt ?? DateTimeOffset.MaxValue);
        DateTimeOffset to = Earlier(lesson.EndsAt + policy.Margin, lesson.EndedAt ?? DateTimeOffset.MaxValue);
        TimeSpanSet Settle(TimeSpanSet set) => set.Bridge(policy.Bridge).Clip(from, to);

        return new Attended(
            Settle(host), lesson.Receivers.ToDictionary(r => r.SeatId, r => Settle(receiver(r.SeatId))), lesson.Planned,
            Math.Clamp(policy.Quorum, 1, Math.Max(1, lesson.Receivers.Count)));
    }

    private static TimeSpanSet HostBy(JudgedLesson lesson, EvidenceSource source) =>
        Select(lesson, e => e.Kind == EvidenceKind.Publishing && e.SeatId == "host" && e.Source == source && e.Good);

    private static TimeSpanSet Good(JudgedLesson lesson, string seatId, EvidenceSource source) =>
        Select(lesson, e => e.Kind == EvidenceKind.Receiving && e.SeatId == seatId && e.Source == source && e.Good);

    private static TimeSpanSet Bad(JudgedLesson lesson, string seatId) =>
        Select(lesson, e => e.Kind == EvidenceKind.Receiving && e.SeatId == seatId && e.Source == EvidenceSource.Agent && !e.Good)
            .Except(Good(lesson, seatId, EvidenceSource.Agent));

    private static TimeSpanSet Select(JudgedLesson lesson, Func<Observation, bool> wanted) =>
        TimeSpanSet.Of(lesson.Evidence.Where(wanted).Select(e => new Stretch(e.From, e.To)));

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;

    private TimeSpan Cap(TimeSpan length) => length < _planned ? length : _planned;
}
