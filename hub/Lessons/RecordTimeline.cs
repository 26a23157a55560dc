using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Attendance;
using ThreeClassrooms.Hub.Credit.Judging;
using ThreeClassrooms.Hub.Timetable;

namespace ThreeClassrooms.Hub.Lessons;

/// <summary>What a bar of the timeline stands for; also its colour.</summary>
internal enum TimelineKind
{
    Planned,
    Host,
    HubSaw,
    HubHeard,
    AgentSaw,
    AgentHeard,
    AgentSawFault,
    AgentHeardFault,
    AgentKept,
    Floor,
    Interrupted,
}

/// <summary>One bar. Left and width are percent of the whole timeline, 0 to 100.</summary>
internal sealed record TimelineBar(TimelineKind Kind, DateTimeOffset From, DateTimeOffset To, double Left, double Width);

/// <summary>One line of the picture.</summary>
/// <param name="Seat">Null for the planned window and the interruptions.</param>
internal sealed record TimelineLane(TimelineKind Kind, Participation? Seat, IReadOnlyList<TimelineBar> Bars)
{
    public TimeSpan LengthOf(TimelineKind kind) => TimeSpan.FromTicks(Bars.Where(b => b.Kind == kind).Sum(b => (b.To - b.From).Ticks));
}

/// <summary>A mark on the time axis.</summary>
internal sealed record TimelineTick(DateTimeOffset At, double Left);

/// <summary>A lesson as a picture: what was planned and what two observers saw, line by line on one time axis. Pure.</summary>
internal sealed record RecordTimeline(DateTimeOffset From, DateTimeOffset To, IReadOnlyList<TimelineLane> Lanes, IReadOnlyList<TimelineTick> Ticks)
{
    private static readonly TimeSpan Bridge = TimeSpan.FromSeconds(6); // one report interval and a bit: gaps that no eye could see
    private static readonly int[] Steps = [10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600];

    public static RecordTimeline Of(Occurrence lesson, IReadOnlyList<EvidenceInterval> evidence, IReadOnlyList<LessonEvent> events)
    {
        DateTimeOffset from = Min(lesson.StartsAt, evidence.Select(e => e.From).Append(lesson.StartedAt ?? lesson.StartsAt));
        DateTimeOffset to = Max(lesson.EndsAt, evidence.Select(e => e.To).Append(lesson.EndedAt ?? lesson.EndsAt));
        TimeSpan air = (to - from) / 50;
        (from, to) = (from - air, to + air);

        TimelineLane Lane(TimelineKind kind, Participation? seat, params IReadOnlyList<(TimelineKind Kind, TimeSpanSet Set)> parts) => new(
            kind, seat, [.. parts.SelectMany(p => p.Set.Stretches.Select(s => Bar(p.Kind, s.From, s.To)))]);
        TimelineBar Bar(TimelineKind kind, DateTimeOffset start, DateTimeOffset end) => new(
            kind, start, end, Percent(start), Math.Max(0.25, Percent(end) - Percent(start)));
        double Percent(DateTimeOffset at) => Math.Round(100.0 * (at - from).Ticks / (to - from).Ticks, 3);
        TimeSpanSet Kept(string seat) => Of(evidence.Where(e => e.SeatId == seat && e.Kind == EvidenceKind.Recording));

        List<TimelineLane> lanes =
        [
            Lane(TimelineKind.Planned, null, (TimelineKind.Planned, TimeSpanSet.Of(lesson.StartsAt, lesson.EndsAt))),
            Lane(TimelineKind.Host, lesson.Host,
            [
                .. Tracks(evidence.Where(e => e.SeatId == Participation.HostSeat && e.Kind == EvidenceKind.Publishing)), (TimelineKind.AgentKept, Kept(Participation.HostSeat)),
            ]),
            .. lesson.Participations.Where(p => p.Role == SeatRole.Receiving).OrderBy(p => p.SeatId, StringComparer.Ordinal).Select(seat => Lane(
                TimelineKind.HubSaw, seat,
                [.. Tracks(evidence.Where(e => e.SeatId == seat.SeatId && e.Kind == EvidenceKind.Receiving)), (TimelineKind.AgentKept, Kept(seat.SeatId))])),
            Lane(TimelineKind.Floor, null, (TimelineKind.Floor, Between(events, to, LessonFactKind.FloorGranted, LessonFactKind.FloorTaken))),
            Lane(TimelineKind.Interrupted, null, (TimelineKind.Interrupted, Between(events, to, LessonFactKind.Interrupted, LessonFactKind.Resumed))),
        ];
        return new RecordTimeline(from, to, [.. lanes.Where(l => l.Seat is not null || l.Bars.Count > 0)], Axis(from, to, Percent));
    }

    /// <summary>Picture and sound, as the hub forwarded them and as the room's device saw and heard them, or did not.</summary>
    private static IEnumerable<(TimelineKind Kind, TimeSpanSet Set)> Tracks(IEnumerable<EvidenceInterval> seat)
    {
        ILookup<EvidenceSource, EvidenceInterval> by = seat.ToLookup(e => e.Source);
        IEnumerable<EvidenceInterval> hub = by[EvidenceSource.Hub], agent = by[EvidenceSource.Agent];
        TimeSpanSet saw = Of(agent.Where(e => e.Seen ?? e.Good)), heard = Of(agent.Where(e => e.Heard ?? e.Good));
        return
        [
            (TimelineKind.HubSaw, Of(hub.Where(e => e.Good && (e.Seen ?? true)))),
            (TimelineKind.HubHeard, Of(hub.Where(e => e.Good && (e.Heard ?? true)))),
            (TimelineKind.AgentSaw, saw),
            (TimelineKind.AgentHeard, heard),
            (TimelineKind.AgentSawFault, Of(agent.Where(e => !(e.Seen ?? e.Good))).Except(saw)),
            (TimelineKind.AgentHeardFault, Of(agent.Where(e => !(e.Heard ?? e.Good))).Except(heard)),
        ];
    }

    private static TimeSpanSet Of(IEnumerable<EvidenceInterval> evidence) => TimeSpanSet.Of(evidence.Select(e => new Stretch(e.From, e.To))).Join(Bridge);

    /// <summary>From each opening fact to the next closing one; the lesson's end closes what is open.</summary>
    private static TimeSpanSet Between(IReadOnlyList<LessonEvent> events, DateTimeOffset last, LessonFactKind opens, LessonFactKind closes)
    {
        List<Stretch> found = [];
        DateTimeOffset? since = null;
        foreach (LessonEvent fact in events.OrderBy(e => e.Sequence))
        {
            if (since is { } start && (fact.Kind == opens || fact.Kind == closes || fact.Kind is LessonFactKind.Ended or LessonFactKind.Stopped))
            {
                found.Add(new Stretch(start, fact.At));
                since = null;
            }

            since = fact.Kind == opens ? fact.At : since;
        }

        return TimeSpanSet.Of(since is { } open ? found.Append(new Stretch(open, last)) : found);
    }

    /// <summary>Between four and eight marks at round times.</summary>
    private static List<TimelineTick> Axis(DateTimeOffset from, DateTimeOffset to, Func<DateTimeOffset, double> percent)
    {
        double seconds = (to - from).TotalSeconds;
        int step = Steps.FirstOrDefault(s => seconds / s <= 8, Steps[^1]);
        long first = ((from.ToUnixTimeSeconds() / step) + 1) * step;
        List<TimelineTick> ticks = [];
        for (long at = first; at < to.ToUnixTimeSeconds(); at += step)
        {
            DateTimeOffset instant = DateTimeOffset.FromUnixTimeSeconds(at);
            ticks.Add(new TimelineTick(instant, percent(instant)));
        }

        return ticks;
    }

    private static DateTimeOffset Min(DateTimeOffset first, IEnumerable<DateTimeOffset> others) => others.Append(first).Min();

    private static DateTimeOffset Max(DateTimeOffset first, IEnumerable<DateTimeOffset> others) => others.Append(first).Max();
}
