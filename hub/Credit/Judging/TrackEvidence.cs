using ThreeClassrooms.Hub.Attendance;

namespace ThreeClassrooms.Hub.Credit.Judging;

/// <summary>The two halves of a lesson that are watched apart.</summary>
internal enum Track
{
    Picture,
    Sound,
}

/// <summary>What both observers say of one stream of the lecturer at one receiving room, picture or sound.</summary>
/// <param name="Sent">The hub forwarded it, moving.</param>
/// <param name="Served">The same, and at most half of it was lost.</param>
/// <param name="Decoded">The room's device says that it saw or heard it.</param>
/// <param name="Denied">The room's device says that it did not.</param>
internal sealed record TrackEvidence(TimeSpanSet Sent, TimeSpanSet Served, TimeSpanSet Decoded, TimeSpanSet Denied)
{
    /// <summary>Observations follow each other once a second; what lies closer than this is one observation.</summary>
    public static readonly TimeSpan Joint = TimeSpan.FromMilliseconds(1500);

    /// <summary>Forwarded by the hub and decoded by the room: proves the room, and proves the source too.</summary>
    public TimeSpanSet Proven => Sent.Intersect(Decoded);

    /// <summary>
    /// The hub knows what it sent; only the room knows what was on its screen. Known-bad time is subtracted last, so that bridging never
    /// refills it.
    /// </summary>
    public TimeSpanSet Present(TimeSpan bridge) => Served.Union(Proven).Join(Joint).Bridge(bridge).Except(Denied);

    /// <summary>Claimed by the room although the hub, through which all media run, forwarded nothing of it at about that time.</summary>
    public TimeSpanSet Unserved(TimeSpan about) => Decoded.Except(Sent.Widen(about));

    /// <summary>One for each stream that anybody says something about.</summary>
    public static IEnumerable<TrackEvidence> Of(JudgedLesson lesson, string seatId, Track track)
    {
        List<Observation> seat = [.. lesson.Evidence.Where(e => e.SeatId == seatId && e.Kind == EvidenceKind.Receiving)];
        string?[] streams = [.. seat.Select(e => e.Stream).Where(s => s is not null).Distinct()];
        return (streams.Length == 0 ? [null] : streams)
            .Select(stream => Of([.. seat.Where(e => e.Stream is null || e.Stream == stream)], track));
    }

    public static bool Has(Observation observation, Track track) => track == Track.Picture ? observation.Seen : observation.Heard;

    private static TrackEvidence Of(IReadOnlyList<Observation> stream, Track track)
    {
        TimeSpanSet sent = Set(stream.Where(e => e.Source == EvidenceSource.Hub && Has(e, track)));
        TimeSpanSet served = Set(stream.Where(e => e.Source == EvidenceSource.Hub && Has(e, track) && e.Good));
        TimeSpanSet decoded = TimeSpanSet.Empty, denied = TimeSpanSet.Empty;
        foreach (IGrouping<string?, Observation> device in stream.Where(e => e.Source == EvidenceSource.Agent).GroupBy(e => e.Device))
        {
            // Of two claims of one device about one time the worse one holds, in whichever order and epoch they came.
            TimeSpanSet bad = Set(device.Where(e => !Has(e, track)));
            decoded = decoded.Union(Set(device.Where(e => Has(e, track))).Except(bad));
            denied = denied.Union(bad);
        }

        return new TrackEvidence(sent, served, decoded, denied.Except(decoded));
    }

    private static TimeSpanSet Set(IEnumerable<Observation> observations) =>
        TimeSpanSet.Of(observations.Select(e => new Stretch(e.From, e.To))).Join(Joint);
}
