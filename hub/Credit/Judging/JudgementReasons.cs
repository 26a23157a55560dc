namespace ThreeClassrooms.Hub.Credit.Judging;

/// <summary>Says why, in the order in which a reader asks. Pure.</summary>
internal sealed class JudgementReasons(JudgedLesson lesson, CreditPolicy policy, Sights sights, DateTimeOffset now)
{
    /// <summary>Observers who differ by more than this are named in the reasons.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(2);

    public IEnumerable<Reason> For(JudgementStatus status, IReadOnlyList<ReceiverVerdict> receivers)
    {
        IEnumerable<Reason> why = lesson.Decision is { } decision
            ? [new Reason("decided", decision.By, Reason.Instant(decision.At), decision.Reason), .. Doubts()]
            : status switch
            {
                JudgementStatus.Cancelled => [new Reason("cancelled", lesson.CancelReason ?? "")],
                JudgementStatus.Missed => [Missed()],
                JudgementStatus.Undetermined => Waiting(),
                JudgementStatus.Valid => [Sum("valid"), .. Shortfall()],
                JudgementStatus.Partial => [Sum("partial")],
                JudgementStatus.Invalid => [Sum("invalid"), .. Quorum(receivers)],
            };
        return status is JudgementStatus.Valid or JudgementStatus.Partial or JudgementStatus.Invalid
            ? why.Concat(Presence(receivers)).Concat(lesson.Decision is null ? Doubts() : []).Concat(Decide(receivers)).Concat(Differ())
            : why;
    }

    private Reason Sum(string code) => new(code, Reason.Duration(sights.All.Effective()), Reason.Duration(lesson.Planned), Reason.Duration(sights.Required));

    private Reason Missed() => Judgement.CancelledTooLate(lesson, policy)
        ? new Reason("cancelledLate", Reason.Instant(lesson.CancelledAt!.Value), lesson.CancelReason ?? "")
        : new Reason("missed", Reason.Duration(policy.StartGrace));

    private IEnumerable<Reason> Waiting()
    {
        Reason[] doubts = [.. Doubts()];
        Reason[] awaited = lesson.CancelledAt is null && lesson.StartedAt is null && now < lesson.EndsAt ? [new Reason("notOver")]
            : [.. Judgement.Awaited(lesson, policy, now).Where(_ => lesson.StartedAt is not null || lesson.RecordedAlone > TimeSpan.Zero)
                .Select(r => new Reason("awaiting", r.Room, Reason.Instant(EvidenceWindow.ClosesAt(lesson, policy))))];
        Reason[] late = Judgement.CancelledTooLate(lesson, policy) && lesson.StartedAt is null ? [Missed()] : [];
        return [.. late, .. awaited, .. doubts, .. doubts.Length > 0 ? [new Reason("needsDecision")] : awaited.Length == 0 ? [new Reason("notOver")] : Array.Empty<Reason>()];
    }

    /// <summary>Why a valid lesson is valid although it looks short, or although no room alone was there long enough.</summary>
    private IEnumerable<Reason> Shortfall()
    {
        if (sights.All.Effective() < sights.Required)
        {
            yield return PolicyRules.Tolerance(policy);
        }

        if (policy.DisjointRooms == DisjointRooms.Together && !lesson.Receivers.Any(r => Judgement.Reaches(sights.All.EffectiveOf(r.SeatId), sights.Required, policy)))
        {
            yield return PolicyRules.Of(policy.DisjointRooms);
        }
    }

    /// <summary>Why a lesson is not valid although a room saw all of it, or the rooms together did.</summary>
    private IEnumerable<Reason> Quorum(IReadOnlyList<ReceiverVerdict> receivers)
    {
        if (receivers.Any(r => r.Valid))
        {
            yield return new Reason("quorum", receivers.Count(r => r.Valid).ToString(System.Globalization.CultureInfo.InvariantCulture), policy.Quorum.ToString(System.Globalization.CultureInfo.InvariantCulture));
            yield return PolicyRules.Of(policy.RoomWithoutQuorum);
        }
        else if (policy.DisjointRooms == DisjointRooms.OneRoom && Judgement.Reaches(sights.All.Together(1), sights.Required, policy))
        {
            yield return PolicyRules.Of(policy.DisjointRooms);
        }
    }

    private IEnumerable<Reason> Presence(IReadOnlyList<ReceiverVerdict> receivers)
    {
        foreach (Stretch gap in sights.All.Host.Clip(lesson.StartsAt, lesson.EndsAt).Gaps())
        {
            yield return new Reason("hostGap", Reason.Instant(gap.From), Reason.Instant(gap.To), Reason.Duration(gap.Length));
        }

        foreach (ReceiverVerdict receiver in receivers)
        {
            yield return receiver.Valid
                ? new Reason("receiverValid", receiver.Room, Reason.Duration(receiver.Effective))
                : new Reason("receiverShort", receiver.Room, Reason.Duration(receiver.Effective), Reason.Duration(sights.Required));
        }

        Reason[] missing = [.. Missing()];
        foreach (Reason reason in missing.Length == 0 ? missing : [.. missing, PolicyRules.Of(policy.Counts)])
        {
            yield return reason;
        }
    }

    /// <summary>Who had sound without picture, or picture without sound, for longer than a bridge.</summary>
    private IEnumerable<Reason> Missing()
    {
        foreach (Track track in Enum.GetValues<Track>())
        {
            string what = track == Track.Picture ? "Picture" : "Sound";
            if (sights.All.HostTracks.Any.Except(sights.All.HostTracks.Of(track)).Length is var own && own > policy.Bridge)
            {
                yield return new Reason($"hostNo{what}", Reason.Duration(own));
            }

            foreach (JudgedReceiver receiver in lesson.Receivers)
            {
                if (sights.All.MissingAt(receiver.SeatId, track) is var missing && missing > policy.Bridge)
                {
                    yield return new Reason($"receiverNo{what}", receiver.Room, Reason.Duration(missing));
                }
            }
        }
    }

    /// <summary>What only a person can weigh.</summary>
    private IEnumerable<Reason> Doubts()
    {
        foreach (Stretch outage in Attended.Outages(lesson, policy).Stretches)
        {
            yield return new Reason("hubOutage", Reason.Instant(outage.From), Reason.Instant(outage.To), Reason.Duration(outage.Length));
        }

        foreach (JudgedReceiver receiver in lesson.Receivers)
        {
            if (Attended.Unserved(lesson, policy, receiver.SeatId).Length is var claimed && claimed > TimeSpan.Zero)
            {
                yield return new Reason("claimUnserved", receiver.Room, Reason.Duration(claimed));
            }
        }

        if (lesson.RecordedAlone > policy.Bridge)
        {
            yield return new Reason("hostAlone", Reason.Duration(lesson.RecordedAlone));
        }
    }

    private static IEnumerable<Reason> Decide(IReadOnlyList<ReceiverVerdict> receivers) =>
        receivers.Where(r => r.InDoubt).Select(r => new Reason("receiverInDoubt", r.Room));

    private IEnumerable<Reason> Differ()
    {
        TimeSpan hub = sights.Hub.Effective(), agents = sights.Agents.Effective();
        return (hub - agents).Duration() > Tolerance ? [new Reason("observersDiffer", Reason.Duration(hub), Reason.Duration(agents))] : [];
    }
}
