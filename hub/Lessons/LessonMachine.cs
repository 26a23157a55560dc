using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Hub.Lessons;

/// <summary>
/// The live lesson, pure: commands, events and the time go in; facts come out (<see cref="TryTake"/>). One owner; not thread-safe.
/// A refused command leaves no fact; one that changes nothing is done without a fact.
/// </summary>
internal sealed class LessonMachine(LessonPlan plan, LessonRules rules, LessonState state)
{
    private readonly Queue<LessonFact> _facts = new();

    public LessonPlan Plan => plan;

    public LessonState State { get; private set; } = state;

    public TimeSpan StopTakeBack => rules.StopTakeBack;

    /// <summary>Planned end plus extensions, UTC.</summary>
    public DateTimeOffset EndsAt => plan.EndsAt + State.Extended;

    /// <summary>Take until false after every call: these are to be stored and acted upon.</summary>
    public bool TryTake(out LessonFact fact) => _facts.TryDequeue(out fact!);

    /// <param name="nextLessonAt">Start of the next lesson in any of the participating rooms; null: none in sight.</param>
    public void OnTime(DateTimeOffset now, DateTimeOffset? nextLessonAt)
    {
        if (State.Phase == LessonPhase.Planned && now >= plan.StartsAt - rules.OpenBefore)
        {
            Become(LessonFactKind.Opened, now);
        }

        if (State.Phase == LessonPhase.Ready)
        {
            WaitForStart(now);
        }
        else if (State.IsOn)
        {
            WatchOver(now, nextLessonAt);
        }
    }

    /// <param name="by">"lecturer" or "device".</param>
    public LessonRefusal? OnStart(string by, DateTimeOffset now, Guid? actor = null)
    {
        if (State.IsOn)
        {
            return State.StoppedAt is null ? null : OnTakeBackStop(now, actor);
        }

        if (State.Phase != LessonPhase.Ready)
        {
            return LessonRefusal.NotNow;
        }

        Become(new LessonFact(LessonFactKind.Started, now, LessonPlan.Host, by, ActorId: actor));
        return null;
    }

    public LessonRefusal? OnExtend(DateTimeOffset now, DateTimeOffset? nextLessonAt, Guid? actor = null)
    {
        if (!State.IsTeaching)
        {
            return LessonRefusal.NotNow;
        }

        if (State.Extended + rules.ExtensionStep > rules.ExtensionLimit)
        {
            return LessonRefusal.AlreadyExtendedToLimit;
        }

        if (EndsAt + rules.ExtensionStep > nextLessonAt)
        {
            return LessonRefusal.NextLessonTooClose;
        }

        Become(new LessonFact(LessonFactKind.Extended, now, LessonPlan.Host, Number: (int)rules.ExtensionStep.TotalMinutes, ActorId: actor));
        return null;
    }

    public LessonRefusal? OnStop(DateTimeOffset now, Guid? actor = null)
    {
        if (!State.IsOn)
        {
            return LessonRefusal.NotNow;
        }

        if (State.StoppedAt is null)
        {
            Become(rules.StopTakeBack > TimeSpan.Zero
                ? new LessonFact(LessonFactKind.Stopped, now, LessonPlan.Host, ActorId: actor)
                : new LessonFact(LessonFactKind.Ended, now, LessonPlan.Host, "stopped", ActorId: actor));
        }

        return null;
    }

    /// <summary>The lesson goes on as if it had not been stopped; what was missed meanwhile is missed.</summary>
    public LessonRefusal? OnTakeBackStop(DateTimeOffset now, Guid? actor = null)
    {
        if (State.StoppedAt is null)
        {
            return LessonRefusal.NotNow;
        }

        Become(new LessonFact(LessonFactKind.StopTakenBack, now, LessonPlan.Host, ActorId: actor));
        return null;
    }

    public LessonRefusal? OnHand(string seatId, bool raised, DateTimeOffset now)
    {
        if (!plan.IsReceiving(seatId))
        {
            return LessonRefusal.NotAllowed;
        }

        if (!State.IsTeaching)
        {
            return LessonRefusal.NotNow;
        }

        if (State.Hands.ContainsKey(seatId) != raised)
        {
            Become(raised ? LessonFactKind.HandRaised : LessonFactKind.HandLowered, now, seatId);
        }

        return null;
    }

    /// <summary>Gives the floor to a receiving seat. Its microphone stays muted if it was.</summary>
    public LessonRefusal? OnGrantFloor(string seatId, DateTimeOffset now, Guid? actor = null)
    {
        if (!plan.IsReceiving(seatId))
        {
            return LessonRefusal.UnknownSeat;
        }

        if (!State.IsTeaching)
        {
            return LessonRefusal.NotNow;
        }

        if (State.Floor != seatId)
        {
            Become(new LessonFact(LessonFactKind.FloorGranted, now, seatId, ActorId: actor));
        }

        return null;
    }

    public LessonRefusal? OnTakeFloor(DateTimeOffset now, Guid? actor = null)
    {
        if (!State.IsTeaching)
        {
            return LessonRefusal.NotNow;
        }

        if (State.Floor is { } seat)
        {
            Become(new LessonFact(LessonFactKind.FloorTaken, now, seat, ActorId: actor));
        }

        return null;
    }

    /// <summary>The host may mute any seat. Nobody opens a microphone but its own seat.</summary>
    /// <param name="atDevice">Done at the host room's own device: what was muted there is taken back there, what the lecturer muted on the page is taken back on the page.</param>
    public LessonRefusal? OnMute(string bySeat, string seatId, bool muted, DateTimeOffset now, Guid? actor = null, bool atDevice = false)
    {
        if (!plan.Seats.Contains(seatId))
        {
            return LessonRefusal.UnknownSeat;
        }

        if (bySeat != seatId && !(bySeat == LessonPlan.Host && muted))
        {
            return LessonRefusal.NotAllowed;
        }

        if (!State.IsOpen)
        {
            return LessonRefusal.NotNow;
        }

        if ((atDevice ? State.MutedAtDevice : State.Muted).Contains(seatId) != muted)
        {
            string? where = atDevice ? LessonFact.AtDevice : null;
            Become(new LessonFact(muted ? LessonFactKind.Muted : LessonFactKind.Unmuted, now, seatId, where, ActorId: actor));
        }

        return null;
    }

    /// <summary>因故停课: only before the lesson started.</summary>
    public LessonRefusal? OnCancel(string reason, DateTimeOffset now, Guid? actor = null)
    {
        if (State.Phase is not (LessonPhase.Planned or LessonPhase.Ready))
        {
            return LessonRefusal.NotNow;
        }

        Become(new LessonFact(LessonFactKind.Cancelled, now, Text: reason, ActorId: actor));
        return null;
    }

    /// <summary>A seat's first connection came (<paramref name="online"/>) or its last one went.</summary>
    public void OnSeat(string seatId, bool online, DateTimeOffset now)
    {
        if (plan.Seats.Contains(seatId) && State.IsOpen && State.Online.Contains(seatId) != online)
        {
            Become(online ? LessonFactKind.SeatJoined : LessonFactKind.SeatLeft, now, seatId);
        }
    }

    /// <param name="summary">"ok" or the names of the faulty parts.</param>
    public void OnReadiness(string seatId, string summary, DateTimeOffset now)
    {
        if (plan.Seats.Contains(seatId) && State.IsOpen)
        {
            Become(new LessonFact(LessonFactKind.ReadinessReported, now, seatId, summary));
        }
    }

    public void OnStream(string streamId, bool up, bool hasAudio, DateTimeOffset now)
    {
        string seat = StreamIds.SeatOf(streamId);
        if (!plan.Seats.Contains(seat) || !State.IsOpen || State.Streams.Contains(streamId) == up)
        {
            return;
        }

        Become(new LessonFact(up ? LessonFactKind.StreamUp : LessonFactKind.StreamDown, now, seat, streamId, up && hasAudio ? 1 : null));
        if (up && seat == LessonPlan.Host && State.Phase == LessonPhase.Interrupted)
        {
            Become(LessonFactKind.Resumed, now);
        }
    }

    /// <param name="milliseconds">From the WHEP answer to the first decoded picture.</param>
    public void OnFirstPicture(string seatId, int milliseconds, DateTimeOffset now)
    {
        if (plan.IsReceiving(seatId) && State.IsOpen && !State.SeenPicture.Contains(seatId))
        {
            Become(new LessonFact(LessonFactKind.FirstPicture, now, seatId, Number: milliseconds));
        }
    }

    /// <summary>The hub came back: nobody is connected, everything else holds.</summary>
    public void OnHubRestart(DateTimeOffset now)
    {
        if (State.IsOpen)
        {
            Become(LessonFactKind.HubRestarted, now);
        }
    }

    public void OnJudged(string status, int revision, DateTimeOffset now)
    {
        if (State.Phase is LessonPhase.Ended or LessonPhase.Judged or LessonPhase.Missed or LessonPhase.Cancelled)
        {
            Become(new LessonFact(LessonFactKind.Judged, now, Text: status, Number: revision));
        }
    }

    private void WaitForStart(DateTimeOffset now)
    {
        DateTimeOffset grace = plan.StartsAt + rules.StartGrace;
        if (now >= plan.EndsAt && now >= grace)
        {
            Become(LessonFactKind.Missed, now);
        }
        else if (plan.StartsByTimetable && State.HostStreams && now >= plan.StartsAt && now < plan.EndsAt)
        {
            Become(new LessonFact(LessonFactKind.Started, now, LessonPlan.Host, "timetable"));
        }
        else if (now >= grace && !State.Overdue)
        {
            Become(LessonFactKind.StartOverdue, now);
        }
    }

    private void WatchOver(DateTimeOffset now, DateTimeOffset? nextLessonAt)
    {
        if (State.StoppedAt is { } stopped)
        {
            if (now >= stopped + rules.StopTakeBack || now >= LatestEnd(nextLessonAt))
            {
                Become(new LessonFact(LessonFactKind.Ended, now, LessonPlan.Host, "stopped"));
            }
        }
        else if (plan.StartsByTimetable && now >= EndsAt)
        {
            Become(new LessonFact(LessonFactKind.Ended, now, Text: "plannedEnd"));
        }
        else if (!plan.StartsByTimetable && now >= LatestEnd(nextLessonAt))
        {
            Become(new LessonFact(LessonFactKind.Ended, now, Text: "overrun"));
        }
        else if (State.Phase == LessonPhase.Live && now - State.HostAwaySince >= rules.Bridge)
        {
            Become(LessonFactKind.Interrupted, now);
        }
    }

    /// <summary>A lesson that a person started may run over, but not into the next one of a room that takes part.</summary>
    private DateTimeOffset LatestEnd(DateTimeOffset? nextLessonAt)
    {
        DateTimeOffset latest = EndsAt + rules.OverrunLimit;
        return nextLessonAt is { } next && next < latest ? (next > EndsAt ? next : EndsAt) : latest;
    }

    private void Become(LessonFactKind kind, DateTimeOffset now, string? seatId = null) => Become(new LessonFact(kind, now, seatId));

    private void Become(LessonFact fact)
    {
        State = State.Apply(fact);
        _facts.Enqueue(fact);
    }
}
