using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Streams.Tickets;
using ThreeClassrooms.Media.Forwarding;
using ThreeClassrooms.Media.Peers;
using ThreeClassrooms.Media.Sdp;
using ThreeClassrooms.Media.Time;

namespace ThreeClassrooms.Hub.Streams.Loops;

/// <summary>One peer connection of a lesson: a publisher (with <see cref="Published"/>) or a watcher (with <see cref="Subscription"/>). Belongs to the loop.</summary>
internal sealed class MediaConnection(string id, TicketClaims claims, PeerEngine engine, string ufrag, MonoTime created) : IDisposable
{
    /// <summary>Nanoseconds.</summary>
    private const long Grid = 20_000_000;

    /// <summary>The unguessable last part of the Location URL.</summary>
    public string Id { get; } = id;

    public TicketClaims Claims { get; } = claims;

    public StreamKey Key { get; } = new(claims.LessonId, claims.StreamId);

    public PeerEngine Engine { get; } = engine;

    /// <summary>The local ICE user name; changes with an ICE restart.</summary>
    public string Ufrag { get; set; } = ufrag;

    public MonoTime Created { get; } = created;

    public List<TransportAddress> Addresses { get; } = [];

    public PublishedStream? Published { get; init; }

    /// <summary>Of a publisher: what it may send.</summary>
    public IngressRate? Ingress { get; init; }

    public Subscription? Subscription { get; init; }

    public RoomStream? Stream { get; set; }

    public bool IsPublisher => Published is not null;

    /// <summary>The transport was reported as up.</summary>
    public bool WasUp { get; set; }

    /// <summary>The first media packet has passed.</summary>
    public bool WasFirst { get; set; }

    /// <summary>The peer's ICE user name; another one in a PATCH means a restart.</summary>
    public string RemoteUfrag { get; set; } = "";

    public bool HasRemote(string ufrag) => RemoteUfrag == ufrag;

    public FlowMeter Flow { get; } = new();

    /// <summary>Publishers that are up.</summary>
    public TroubleWatch? Troubles { get; set; }

    /// <summary>How often the tracks' sources began anew, as far as it was told.</summary>
    public int LinesTold { get; set; }

    public bool Watches => Claims.Direction == MediaDirection.Watch;

    /// <summary>Media can go out, to <see cref="To"/>. As of the engine's last word: see <see cref="Refresh"/>.</summary>
    public bool CanSend { get; private set; }

    public TransportAddress To => _to;

    /// <summary>Asks the engine where it stands, so that not every packet has to.</summary>
    public void Refresh()
    {
        TransportAddress? selected = Engine.Selected;
        CanSend = Engine.State == PeerState.Connected && selected is not null;
        _to = selected.GetValueOrDefault();
    }

    private TransportAddress _to;

    /// <summary>When the loop looks after this connection next; the past: at its next tick.</summary>
    public MonoTime Due { get; set; } = AtOnce;

    /// <summary>A <see cref="Due"/> that is always in the past.</summary>
    public static MonoTime AtOnce => new(long.MinValue);

    /// <summary>Place in the loop's list.</summary>
    public int Index { get; set; }

    /// <summary>
    /// The earliest time at which engine, feedback or pacing want to be called. What is not urgent of watchers is put on a common grid, so that a
    /// hundred of them do not wake the loop a hundred times.
    /// </summary>
    public MonoTime NextDue()
    {
        MonoTime? engine = Engine.NextDeadline;
        if (Engine.State != PeerState.Connected)
        {
            return engine ?? new MonoTime(long.MaxValue);
        }

        return Published is { } published
            ? MonoTime.Earliest(engine, published.NextDeadline) ?? new MonoTime(long.MaxValue)
            : MonoTime.Earliest(Rounded(MonoTime.Earliest(engine, Subscription!.NextDeadline)), Subscription.PaceDeadline) ?? new MonoTime(long.MaxValue);
    }

    private static MonoTime? Rounded(MonoTime? time) => time is { Nanoseconds: > 0 } t ? new MonoTime((t.Nanoseconds + Grid - 1) / Grid * Grid) : time;

    /// <summary>What the watcher was told it will get; null for publishers.</summary>
    public StreamDescription? Agreed { get; init; }

    /// <summary>A watcher can go on with a new publisher when what it decodes is still what is sent.</summary>
    public bool Accepts(StreamDescription description) =>
        IsSame(Agreed?.Video, description.Video) && IsSame(Agreed?.Audio, description.Audio);

    private static bool IsSame(TrackDescription? agreed, TrackDescription? sent) =>
        agreed is null ? sent is null : sent is not null && agreed.Codec.Kind == sent.Codec.Kind
            && agreed.Codec.PacketizationMode >= sent.Codec.PacketizationMode && agreed.Codec.Profile.CanDecode(sent.Codec.Profile);

    public void Dispose() => Engine.Dispose();
}
