using ThreeClassrooms.Hub.Attendance;

namespace ThreeClassrooms.Hub.Credit.Judging;

/// <summary>Who was there when, as one observer (or all together) saw it; clipped to the lesson as it was held and to the planned window with its margin.</summary>
internal sealed class Attended
{
    private readonly JudgedLesson _lesson;
    private readonly CreditPolicy _policy;
    private readonly Dictionary<string, Presence> _receivers;

    private Attended(JudgedLesson lesson, CreditPolicy policy, Presence host, IEnumerable<Presence> receivers)
    {
        (_lesson, _policy) = (lesson, policy);
        HostTracks = Clip(host);
        _receivers = lesson.Receivers.Zip(receivers).ToDictionary(r => r.First.SeatId, r => Clip(r.Second));
    }

    public Presence HostTracks { get; }

    public TimeSpanSet Host => HostTracks.Counted(_policy.Counts);

    /// <summary>The hub's view: what came from the host and went to each receiver, moving.</summary>
    public static Attended ByHub(JudgedLesson lesson, CreditPolicy policy) => new(
        lesson, policy, Presence.Of(t => Published(lesson, t).Bridge(policy.Bridge)),
        lesson.Receivers.Select(r => Presence.Of(t => Union(lesson, r, t, e => e.Served.Bridge(policy.Bridge)))));

    /// <summary>The classrooms' view: what they decoded. Nobody but the receivers can witness the lecturer there.</summary>
    public static Attended ByAgents(JudgedLesson lesson, CreditPolicy policy) => new(
        lesson, policy, Presence.Of(t => Union(lesson, t, e => e.Decoded).Bridge(policy.Bridge)),
        lesson.Receivers.Select(r => Presence.Of(t => Union(lesson, r, t, e => e.Decoded.Bridge(policy.Bridge)))));

    /// <summary>
    /// Both together. What a room says that it received counts where the hub forwarded it to that seat, and then proves the lecturer as well;
    /// what a room denies does not count, whatever was sent.
    /// </summary>
    public static Attended ByAll(JudgedLesson lesson, CreditPolicy policy) => new(
        lesson, policy, Presence.Of(t => HostOf(lesson, t).Bridge(policy.Bridge)),
        lesson.Receivers.Select(r => Presence.Of(t => Union(lesson, r, t, e => e.Present(policy.Bridge)))));

    /// <summary>As <see cref="ByAll"/>, if everything that only a person can decide were decided in the lesson's favour.</summary>
    public static Attended AtBest(JudgedLesson lesson, CreditPolicy policy)
    {
        TimeSpanSet outages = Outages(lesson, policy);
        TimeSpanSet claimed = TimeSpanSet.InAtLeast(1, lesson.Receivers.Select(r => Unserved(lesson, policy, r.SeatId)));
        return new(
            lesson, policy, Presence.Of(t => HostOf(lesson, t).Union(claimed).Union(outages).Bridge(policy.Bridge)),
            lesson.Receivers.Select(r => Presence.Of(t =>
                Union(lesson, r, t, e => e.Present(policy.Bridge)).Union(Unserved(lesson, policy, r.SeatId)).Union(outages))));
    }

    /// <summary>What a room claims within the planned window and its margin though the hub did not serve it; empty when it is not worth a word.</summary>
    public static TimeSpanSet Unserved(JudgedLesson lesson, CreditPolicy policy, string seatId)
    {
        TimeSpanSet claimed = TimeSpanSet.InAtLeast(1, Enum.GetValues<Track>().SelectMany(t => TrackEvidence.Of(lesson, seatId, t)).Select(e => e.Unserved(policy.Bridge)))
            .Except(Outages(lesson, policy).Widen(policy.Bridge)).Clip(lesson.StartsAt - policy.Margin, lesson.EndsAt + policy.Margin);
        return claimed.Length > policy.Bridge ? claimed : TimeSpanSet.Empty;
    }

    /// <summary>The hub's own absences within the planned window that no bridge carries over.</summary>
    public static TimeSpanSet Outages(JudgedLesson lesson, CreditPolicy policy) =>
        TimeSpanSet.Of(TimeSpanSet.Of(lesson.Outages).Stretches.Where(o => o.Length >= policy.Bridge)).Clip(lesson.StartsAt, lesson.EndsAt);

    /// <summary>Time that counts as lesson; never more than planned.</summary>
    public TimeSpan Effective()
    {
        int quorum = Math.Clamp(_policy.Quorum, 1, Math.Max(1, _lesson.Receivers.Count));
        return _policy.DisjointRooms == DisjointRooms.Together
            ? Together(quorum)
            : _lesson.Receivers.Select(r => EffectiveOf(r.SeatId)).OrderDescending().Skip(quorum - 1).FirstOrDefault();
    }

    /// <summary>Time in which the host and at least the quorum of receivers, whichever they were, were there together; never more than planned.</summary>
    public TimeSpan Together(int quorum) => Cap(Host.Intersect(TimeSpanSet.InAtLeast(quorum, _receivers.Values.Select(r => r.Counted(_policy.Counts)))).Length);

    /// <summary>Time in which the host and this receiver were there together; never more than planned.</summary>
    public TimeSpan EffectiveOf(string seatId) => Cap(Host.Intersect(_receivers[seatId].Counted(_policy.Counts)).Length);

    /// <summary>Picture or sound alone at this receiver while the host was there.</summary>
    public TimeSpan EffectiveOf(string seatId, Track track) => Cap(Host.Intersect(_receivers[seatId].Of(track)).Length);

    /// <summary>How long the lecturer's picture or sound was there and this room had none of it.</summary>
    public TimeSpan MissingAt(string seatId, Track track) => HostTracks.Of(track).Intersect(_receivers[seatId].Any).Except(_receivers[seatId].Of(track)).Length;

    private static TimeSpanSet HostOf(JudgedLesson lesson, Track track) =>
        Published(lesson, track).Union(Union(lesson, track, e => e.Proven)).Join(TrackEvidence.Joint);

    private static TimeSpanSet Published(JudgedLesson lesson, Track track) => TimeSpanSet.Of(lesson.Evidence
        .Where(e => e is { Kind: EvidenceKind.Publishing, SeatId: "host", Source: EvidenceSource.Hub } && TrackEvidence.Has(e, track))
        .Select(e => new Stretch(e.From, e.To))).Join(TrackEvidence.Joint);

    private static TimeSpanSet Union(JudgedLesson lesson, JudgedReceiver receiver, Track track, Func<TrackEvidence, TimeSpanSet> part) =>
        TimeSpanSet.InAtLeast(1, TrackEvidence.Of(lesson, receiver.SeatId, track).Select(part));

    private static TimeSpanSet Union(JudgedLesson lesson, Track track, Func<TrackEvidence, TimeSpanSet> part) =>
        TimeSpanSet.InAtLeast(1, lesson.Receivers.Select(r => Union(lesson, r, track, part)));

    private Presence Clip(Presence presence)
    {
        // Streams run before the lecturer presses start and after the end: only the lesson itself counts.
        DateTimeOffset from = Later(_lesson.StartsAt - _policy.Margin, _lesson.StartedAt ?? DateTimeOffset.MaxValue);
        DateTimeOffset to = Earlier(_lesson.EndsAt + _policy.Margin, _lesson.EndedAt ?? DateTimeOffset.MaxValue);
        return new Presence(presence.Seen.Clip(from, to), presence.Heard.Clip(from, to));
    }

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;

    private TimeSpan Cap(TimeSpan length) => length < _lesson.Planned ? length : _lesson.Planned;
}

/// <summary>When picture and sound were there.</summary>
internal sealed record Presence(TimeSpanSet Seen, TimeSpanSet Heard)
{
    public TimeSpanSet Any => Seen.Union(Heard);

    public static Presence Of(Func<Track, TimeSpanSet> track) => new(track(Track.Picture), track(Track.Sound));

    public TimeSpanSet Of(Track track) => track == Track.Picture ? Seen : Heard;

    /// <summary>When it was a lesson by the county's rule.</summary>
    public TimeSpanSet Counted(CountsRule rule) => rule switch
    {
        CountsRule.SeenOrHeard => Any,
        CountsRule.SeenAndHeard => Seen.Intersect(Heard),
        CountsRule.Seen => Seen,
        CountsRule.Heard => Heard,
    };
}
