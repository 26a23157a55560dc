using System.Security.Cryptography;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Streams.Loops;
using ThreeClassrooms.Hub.Streams.Tickets;
using ThreeClassrooms.Media.Forwarding;
using ThreeClassrooms.Media.Peers;
using ThreeClassrooms.Media.Rtp;
using ThreeClassrooms.Media.Sdp;

namespace ThreeClassrooms.Hub.Streams;

/// <content>Offers: negotiated on the caller's thread, taken in by the lesson's loop.</content>
internal sealed partial class StreamServer
{
    /// <summary>Key frames and encoders that take their time to obey; beyond it the hub forwards nothing more.</summary>
    private const int IngressFactor = 4;

    private const string IceAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary>Answers an offer under a verified ticket.</summary>
    /// <returns>Exactly one of the two is set.</returns>
    public async Task<(AcceptedOffer? Accepted, RefusedOffer? Refused)> OfferAsync(TicketClaims claims, string sdp)
    {
        if (_loops.Of(claims.LessonId) is not { } loop || !_directory.IsOpen(claims.LessonId))
        {
            return (null, new RefusedOffer(OfferRefusal.LessonClosed, "The lesson is not open: join it again when it is, with a fresh ticket."));
        }

        if (!HasRoom(loop, claims))
        {
            return (null, new RefusedOffer(OfferRefusal.HubFull, "The hub has no capacity for another connection: try again in some seconds."));
        }

        if (!SessionDescription.TryParse(sdp, out SessionDescription? offer, out SdpError error))
        {
            return (null, new RefusedOffer(OfferRefusal.BadOffer, $"The offer cannot be read: {error}."));
        }

        string pwd = RandomNumberGenerator.GetString(IceAlphabet, 24);
        var local = new LocalTransport(NewUfrag(loop), pwd, _identity.Fingerprint, _endpoint.Candidates(loop.Index));
        return claims.Direction == MediaDirection.Publish
            ? await PublishAsync(loop, claims, offer, local)
            : await WatchAsync(loop, claims, offer, local);
    }

    /// <summary>Ends a connection. False: there is none by this id, or it belongs to another ticket.</summary>
    /// <param name="claims">Null: the caller may end any connection.</param>
    public async Task<bool> EndAsync(string connectionId, TicketClaims? claims) => await _loops.AskAllAsync(loop =>
    {
        if (loop.Find(connectionId) is not { } connection || (claims is not null && !IsSame(connection.Claims, claims)))
        {
            return null;
        }

        loop.End(connection);
        return connection;
    }) is not null;

    /// <summary>Ends every connection made by this owner's right.</summary>
    public Task EndAllOfAsync(string owner) => _loops.AskAllAsync<object>(loop =>
    {
        foreach (MediaConnection connection in loop.Connections.Where(c => c.Claims.Owner == owner).ToArray())
        {
            loop.End(connection);
        }

        return null;
    });

    /// <summary>By whose right there are connections now.</summary>
    public async Task<IReadOnlyCollection<string>> OwnersAsync()
    {
        HashSet<string> owners = [];
        await _loops.AskAllAsync<object>(loop =>
        {
            owners.UnionWith(loop.Connections.Select(c => c.Claims.Owner));
            return null;
        });
        return owners;
    }

    /// <summary>Takes trickled candidates (a lite side needs none) or restarts ICE.</summary>
    /// <param name="ifMatch">The entity tags that the caller knows, or <c>*</c>, which a restart is asked for with (RFC 9725 §4.3.1, §4.3.2).</param>
    /// <returns>Null: no such connection.</returns>
    public Task<PatchAnswer?> PatchAsync(string connectionId, TicketClaims claims, IceFragment fragment, IReadOnlyList<string> ifMatch) =>
        _loops.AskAllAsync(loop =>
        {
            if (loop.Find(connectionId) is not { } connection || !IsSame(connection.Claims, claims))
            {
                return null;
            }

            if (!ifMatch.Contains("*") && !ifMatch.Contains(ETagOf(connection.Ufrag)))
            {
                return new PatchAnswer(null, ETagOf(connection.Ufrag));
            }

            if (fragment.Ufrag is not { } remoteUfrag || fragment.Pwd is not { } remotePwd || connection.HasRemote(remoteUfrag))
            {
                return new PatchAnswer("", ETagOf(connection.Ufrag));
            }

            string ufrag = NewUfrag(loop);
            string pwd = RandomNumberGenerator.GetString(IceAlphabet, 24);
            connection.RemoteUfrag = remoteUfrag;
            loop.RestartIce(connection, ufrag, pwd, remoteUfrag, remotePwd);
            return new PatchAnswer(new IceFragment(ufrag, pwd, _endpoint.Candidates(loop.Index), true).Write(), ETagOf(ufrag));
        });

    private static bool IsSame(TicketClaims a, TicketClaims b) =>
        a.LessonId == b.LessonId && a.SeatId == b.SeatId && a.StreamId == b.StreamId && a.Direction == b.Direction;

    private static string ETagOf(string ufrag) => $"\"{ufrag}\"";

    private static string NewUfrag(MediaLoop loop) => LoopSet.Mark(loop) + RandomNumberGenerator.GetString(IceAlphabet, 8);

    // The lecturer's own stream is what a lesson is made of: it is let in as long as there is room at all.
    private bool HasRoom(MediaLoop loop, TicketClaims claims) => _loops.ConnectionCount < _options.MaxConnections
        && (loop.Load != LoadLevel.Full || (claims.Direction == MediaDirection.Publish && claims.SeatId == FloorGate.Host));

    private async Task<(AcceptedOffer?, RefusedOffer?)> PublishAsync(MediaLoop loop, TicketClaims claims, SessionDescription offer, LocalTransport local)
    {
        if (!WhipAnswer.TryCreate(offer, local, out WhipAnswer? answer, out SdpRefusal refusal))
        {
            return (null, Explain(refusal));
        }

        return await TakeInAsync(loop, claims, local, answer.Remote, answer.Sdp, null, (engine, id) =>
            new MediaConnection(id, claims, engine, local.Ufrag, MonoClock.Now)
            {
                Ingress = new IngressRate(IngressFactor * (long)_options.PublisherMaxBitrate, MonoClock.Now),
                Published = new PublishedStream(answer.Stream, RandomSsrc()) { MaxBitRate = _options.PublisherMaxBitrate },
            });
    }

    private async Task<(AcceptedOffer?, RefusedOffer?)> WatchAsync(MediaLoop loop, TicketClaims claims, SessionDescription offer, LocalTransport local)
    {
        if (_directory.Find(new StreamKey(claims.LessonId, claims.StreamId)) is not { } stream)
        {
            return (null, new RefusedOffer(OfferRefusal.StreamNotLive, "Nobody publishes this stream now: try again when it is announced."));
        }

        uint audio = RandomSsrc();
        var sources = new LocalSources(
            new Ssrc(audio), new Ssrc(audio ^ 0x0100_0000), new Ssrc(audio ^ 0x0200_0000), $"hub-{audio:x8}", claims.StreamId);
        if (!WhepAnswer.TryCreate(offer, stream, local, sources, out WhepAnswer? answer, out SdpRefusal refusal))
        {
            return (null, Explain(refusal));
        }

        return await TakeInAsync(loop, claims, local, answer.Remote, answer.Sdp, stream, (engine, id) =>
            new MediaConnection(id, claims, engine, local.Ufrag, MonoClock.Now)
            {
                Subscription = new Subscription(
                    WatcherFormat.From(answer, sources.Cname), BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8))),
                Agreed = new StreamDescription(answer.Audio?.Target, answer.Video?.Target),
            });
    }

    private async Task<(AcceptedOffer?, RefusedOffer?)> TakeInAsync(
        MediaLoop loop, TicketClaims claims, LocalTransport local, RemoteTransport remote, string sdp, StreamDescription? expected,
        Func<PeerEngine, string, MediaConnection> create)
    {
        PeerSettings settings = PeerSettings.From(local, remote, iceLite: true, BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8))) with
        {
            MediaIsConsent = claims.Direction == MediaDirection.Publish,
        };
        string id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        bool taken = await loop.Ask(() =>
        {
            MediaConnection connection = create(new PeerEngine(settings, _identity, MonoClock.Now), id);
            connection.RemoteUfrag = remote.Ufrag;
            if (loop.Add(connection, expected))
            {
                return true;
            }

            connection.Dispose();
            return false;
        });
        return taken
            ? (new AcceptedOffer(id, sdp, ETagOf(local.Ufrag)), null)
            : (null, _directory.IsOpen(claims.LessonId)
                ? new RefusedOffer(OfferRefusal.StreamNotLive, "The stream ended or changed just now: try again.")
                : new RefusedOffer(OfferRefusal.LessonClosed, "The lesson was closed just now."));
    }

    private static RefusedOffer Explain(SdpRefusal refusal) => refusal == SdpRefusal.CodecMismatch
        ? new RefusedOffer(OfferRefusal.CodecMismatch, "No codec in common: offer Opus, and H.264 (constrained baseline) as well as VP8.")
        : new RefusedOffer(OfferRefusal.BadOffer, refusal == SdpRefusal.IceLite
            ? "The offer says ice-lite, as the hub does: nobody would begin to check the way. Offer full ICE."
            : $"The offer cannot be used: {refusal}.");

    private static uint RandomSsrc() => BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(4)) | 1;
}
