using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Attendance;
using ThreeClassrooms.Hub.Timetable;

namespace ThreeClassrooms.Hub.Lessons;

/// <summary>One connection to a lesson.</summary>
internal sealed record Attendee(LessonCaller Caller, Seating Seating);

/// <summary>
/// A lesson in memory: its machine and what is seen of it but not kept as facts (connections, readiness, newest reports). Owned by the
/// lesson's line.
/// </summary>
internal sealed class LiveLesson(Occurrence occurrence, LessonMachine machine, IEnumerable<ChatLine> chat)
{
    private static readonly TimeSpan ReportLife = TimeSpan.FromSeconds(12); // two missed reports of 5 s
    private static readonly TimeSpan FlowLife = TimeSpan.FromSeconds(4);

    private readonly Dictionary<string, Readiness> _readiness = [];
    private readonly Dictionary<(string Seat, string Stream), ReceptionReport> _reports = [];
    private readonly Dictionary<(string Seat, string Stream), DateTimeOffset> _flowing = [];
    private readonly Dictionary<string, StreamState> _streams = [];
    private long _version;

    public Guid Id => Occurrence.Id;

    public Occurrence Occurrence { get; } = occurrence;

    public LessonMachine Machine => machine;

    /// <summary>The lesson as far as it is stored: what is shown. Who is connected and what streams is shown as it is.</summary>
    public LessonState Stored { get; set; } = machine.State;

    public List<ChatLine> Chat { get; } = [.. chat];

    /// <summary>Everybody connected, by connection id.</summary>
    public Dictionary<string, Attendee> Connections { get; } = [];

    public DateTimeOffset? NextLessonAt { get; set; }

    /// <summary>When to judge (again); null: nothing to judge.</summary>
    public DateTimeOffset? JudgeAt { get; set; }

    /// <summary>Something visible changed since the last snapshot went out.</summary>
    public bool Dirty { get; set; } = true;

    public DateTimeOffset SentAt { get; set; }

    /// <summary>Over, judged or to be judged much later, and nobody is looking any more.</summary>
    /// <param name="horizon">What is due before this is not much later.</param>
    public bool CanBeForgotten(DateTimeOffset horizon) =>
        Connections.Count == 0 && (JudgeAt is null || JudgeAt > horizon)
        && machine.State.Phase is LessonPhase.Judged or LessonPhase.Cancelled or LessonPhase.Missed && machine.State.JudgedRevision > 0;

    /// <summary>Looked at before its time and not looked at any more.</summary>
    public bool IsFarOff(DateTimeOffset horizon) =>
        Connections.Count == 0 && machine.State.Phase == LessonPhase.Planned && Occurrence.StartsAt > horizon;

    public bool IsOccupied(string seatId) => Connections.Values.Any(c => c.Seating.Occupies && c.Seating.SeatId == seatId);

    /// <summary>Takes over what is known of the same lesson but not stored, when that had to be read again.</summary>
    public void TakeOver(LiveLesson before)
    {
        foreach ((string id, Attendee attendee) in before.Connections)
        {
            Connections[id] = attendee;
        }

        foreach ((string seat, Readiness readiness) in before._readiness)
        {
            _readiness[seat] = readiness;
        }

        foreach ((string id, StreamState stream) in before._streams)
        {
            _streams[id] = stream;
        }

        _version = before._version;
    }

    public void OnReadiness(string seatId, Readiness readiness)
    {
        _readiness[seatId] = readiness;
        Dirty = true;
    }

    public void OnReport(string seatId, ReceptionReport report)
    {
        if (!_reports.TryGetValue((seatId, report.StreamId), out ReceptionReport? known) || report.To > known.To)
        {
            _reports[(seatId, report.StreamId)] = report;
            Dirty = true;
        }
    }

    public void OnStream(StreamState? stream, string streamId)
    {
        if (stream is null)
        {
            _streams.Remove(streamId);
        }
        else
        {
            _streams[streamId] = stream;
        }

        Dirty = true;
    }

    public bool Knows(string streamId) => _streams.ContainsKey(streamId);

    /// <summary>Packets went to a seat.</summary>
    public void OnFlow(string seatId, string streamId, DateTimeOffset at) => _flowing[(seatId, streamId)] = at;

    /// <summary>The whole visible state. Versions rise for the life of the lesson, across restarts of the hub too.</summary>
    public LessonSnapshot Snapshot(DateTimeOffset now)
    {
        _version = Math.Max(_version + 1, now.ToUnixTimeMilliseconds());
        LessonState state = Stored;
        return new LessonSnapshot(
            Id, _version, state.Phase, Occurrence.Mode, Occurrence.Subject, Occurrence.Topic, Occurrence.Lecturer.Name, Occurrence.StartsAt,
            machine.Plan.EndsAt + state.Extended, state.StartedAt, now, state.Floor, state.IsTeaching, Occurrence.StartsByTimetable,
            [.. Occurrence.Participations.Select(p => SeatOf(p, state, now))], state.StoppedAt, state.StoppedAt + machine.StopTakeBack);
    }

    private SeatState SeatOf(Participation seat, LessonState state, DateTimeOffset now)
    {
        string id = seat.SeatId;
        ReceptionReport? report = NewestOfHost(id, now);
        bool online = machine.State.Online.Contains(id);
        bool receives = seat.Role == SeatRole.Receiving && online;
        return new SeatState(
            id, seat.Role, seat.Classroom.Name, seat.Classroom.School.Name, online,
            receives ? report is not null ? ReceptionRules.Sees(report) : FlowSays(id, now) : null,
            receives ? report is not null ? ReceptionRules.Hears(report) : FlowSays(id, now) : null,
            state.IsMuted(id), state.Hands.TryGetValue(id, out DateTimeOffset raised) ? raised : null,
            _readiness.GetValueOrDefault(id), report,
            [.. _streams.Values.Where(s => StreamIds.SeatOf(s.StreamId) == id).OrderBy(s => s.StreamId, StringComparer.Ordinal)],
            state.MutedAtDevice.Contains(id));
    }

    /// <summary>What the seat last decoded of the lecturer: the camera if it is watched, else the screen.</summary>
    private ReceptionReport? NewestOfHost(string seatId, DateTimeOffset now) =>
        new[] { StreamIds.HostCamera, StreamIds.HostScreen }
            .Select(stream => _reports.GetValueOrDefault((seatId, stream)))
            .FirstOrDefault(report => report is not null && now - report.To < ReportLife);

    /// <summary>Without a report: nothing flows to the seat although the lecturer sends means no; packets alone do not mean yes.</summary>
    private bool? FlowSays(string seatId, DateTimeOffset now) =>
        Stored.IsOn && machine.State.HostStreams
        && !_flowing.Any(f => f.Key.Seat == seatId && StreamIds.SeatOf(f.Key.Stream) == LessonPlan.Host && now - f.Value < FlowLife)
            ? false
            : null;
}
