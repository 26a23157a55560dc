using System.Collections.Immutable;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Hub.Lessons;

/// <summary>
/// Where a lesson stands: the fold of its facts. The same facts in the same order give the same state, so a restarted hub goes on
/// where it was.
/// </summary>
internal sealed record LessonState
{
    public static readonly LessonState Initial = new();

    /// <summary>Number of facts so far.</summary>
    public long Sequence { get; private init; }

    public LessonPhase Phase { get; private init; } = LessonPhase.Planned;

    public DateTimeOffset? StartedAt { get; private init; }

    public DateTimeOffset? EndedAt { get; private init; }

    /// <summary>Revision of the newest judgement; 0: not judged.</summary>
    public int JudgedRevision { get; private init; }

    /// <summary>All extensions together.</summary>
    public TimeSpan Extended { get; private init; }

    /// <summary>The seat with the floor beside the lecturer; null: the lecturer alone.</summary>
    public string? Floor { get; private init; }

    public bool Overdue { get; private init; }

    /// <summary>Since when no stream of the host is there, while teaching; null while one is.</summary>
    public DateTimeOffset? HostAwaySince { get; private init; }

    public ImmutableSortedDictionary<string, DateTimeOffset> Hands { get; private init; } = ImmutableSortedDictionary<string, DateTimeOffset>.Empty;

    public ImmutableSortedSet<string> Muted { get; private init; } = [];

    /// <summary>Seats muted at the host room's own device, beside <see cref="Muted"/>.</summary>
    public ImmutableSortedSet<string> MutedAtDevice { get; private init; } = [];

    /// <summary>When the lecturer stopped, while that may still be taken back; null otherwise.</summary>
    public DateTimeOffset? StoppedAt { get; private init; }

    public ImmutableSortedSet<string> Online { get; private init; } = [];

    /// <summary>Ids of the streams that reach the hub.</summary>
    public ImmutableSortedSet<string> Streams { get; private init; } = [];

    /// <summary>Receiving seats that have seen the lecturer.</summary>
    public ImmutableSortedSet<string> SeenPicture { get; private init; } = [];

    /// <summary>Teaching, or would be if the host's picture had not gone.</summary>
    public bool IsOn => Phase is LessonPhase.Live or LessonPhase.Interrupted;

    /// <summary>On, and not stopped.</summary>
    public bool IsTeaching => IsOn && StoppedAt is null;

    /// <summary>Seats may connect and media may flow.</summary>
    public bool IsOpen => Phase is LessonPhase.Ready or LessonPhase.Live or LessonPhase.Interrupted;

    public bool HostStreams => Streams.Any(s => StreamIds.SeatOf(s) == LessonPlan.Host);

    public bool IsMuted(string seatId) => Muted.Contains(seatId) || MutedAtDevice.Contains(seatId);

    /// <summary>The state after one more fact.</summary>
    public LessonState Apply(LessonFact fact)
    {
        LessonState next = this with { Sequence = Sequence + 1 };
        string seat = fact.SeatId ?? "";
        return fact.Kind switch
        {
            LessonFactKind.Opened => next with { Phase = LessonPhase.Ready },
            LessonFactKind.SeatJoined => next with { Online = Online.Add(seat) },
            LessonFactKind.SeatLeft => next with { Online = Online.Remove(seat) },
            LessonFactKind.ReadinessReported => next,
            LessonFactKind.StreamUp => next.WithStream(fact),
            LessonFactKind.StreamDown => next.WithoutStream(fact),
            LessonFactKind.StartOverdue => next with { Overdue = true },
            LessonFactKind.Started => next with
            {
                Phase = LessonPhase.Live,
                StartedAt = fact.At,
                HostAwaySince = HostStreams ? null : fact.At,
            },
            LessonFactKind.FirstPicture => next with { SeenPicture = SeenPicture.Add(seat) },
            LessonFactKind.Interrupted => next with { Phase = LessonPhase.Interrupted },
            LessonFactKind.Resumed => next with { Phase = LessonPhase.Live },
            LessonFactKind.HandRaised => next with { Hands = Hands.SetItem(seat, fact.At) },
            LessonFactKind.HandLowered => next with { Hands = Hands.Remove(seat) },
            LessonFactKind.FloorGranted => next with { Floor = seat, Hands = Hands.Remove(seat) },
            LessonFactKind.FloorTaken => next with { Floor = null },
            LessonFactKind.Muted when fact.Text == LessonFact.AtDevice => next with { MutedAtDevice = MutedAtDevice.Add(seat) },
            LessonFactKind.Muted => next with { Muted = Muted.Add(seat) },
            LessonFactKind.Unmuted when fact.Text == LessonFact.AtDevice => next with { MutedAtDevice = MutedAtDevice.Remove(seat) },
            LessonFactKind.Unmuted => next with { Muted = Muted.Remove(seat) },
            LessonFactKind.Stopped => next with { StoppedAt = fact.At, Floor = null, Hands = ImmutableSortedDictionary<string, DateTimeOffset>.Empty },
            LessonFactKind.StopTakenBack => next with { StoppedAt = null },
            LessonFactKind.Extended => next with { Extended = Extended + TimeSpan.FromMinutes(fact.Number ?? 0) },
            LessonFactKind.Ended => next.Over(LessonPhase.Ended) with { EndedAt = StoppedAt ?? fact.At },
            LessonFactKind.Cancelled => next.Over(LessonPhase.Cancelled),
            LessonFactKind.Missed => next.Over(LessonPhase.Missed),
            LessonFactKind.HubRestarted => next with
            {
                Online = [],
                Streams = [],
                HostAwaySince = IsOn ? HostAwaySince ?? fact.At : null,
            },
            LessonFactKind.Judged => next with
            {
                Phase = Phase == LessonPhase.Ended ? LessonPhase.Judged : Phase,
                JudgedRevision = fact.Number ?? 0,
            },
        };
    }

    private LessonState WithStream(LessonFact fact)
    {
        string stream = fact.Text ?? "";
        return this with
        {
            Streams = Streams.Add(stream),
            HostAwaySince = StreamIds.SeatOf(stream) == LessonPlan.Host ? null : HostAwaySince,
        };
    }

    private LessonState WithoutStream(LessonFact fact)
    {
        LessonState without = this with { Streams = Streams.Remove(fact.Text ?? "") };
        return without with { HostAwaySince = IsOn && !without.HostStreams ? HostAwaySince ?? fact.At : null };
    }

    private LessonState Over(LessonPhase phase) => this with
    {
        Phase = phase,
        StoppedAt = null,
        Floor = null,
        HostAwaySince = null,
        Hands = ImmutableSortedDictionary<string, DateTimeOffset>.Empty,
        Streams = [],
    };
}
