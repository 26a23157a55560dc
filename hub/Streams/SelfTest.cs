using System.Security.Cryptography;
using ThreeClassrooms.Media.Dtls;
using ThreeClassrooms.Media.Forwarding;
using ThreeClassrooms.Media.Peers;
using ThreeClassrooms.Media.Rtp;
using ThreeClassrooms.Media.Sdp;
using ThreeClassrooms.Media.Time;

namespace ThreeClassrooms.Hub.Streams;

/// <summary>
/// A lesson in memory before the first real one: offer and answer, handshake, encryption, forwarding to one watcher, by the code that lessons use.
/// A machine whose OpenSSL or processor fails at any of it is found at the hub's start and not at the bell; and that code is compiled by then, so that
/// the first classroom joins as fast as the hundredth. Touches no network and no clock.
/// </summary>
internal static class SelfTest
{
    private const int Packets = 400;
    private const string Stream = "self-test";
    private static readonly TransportAddress HubAddress = TransportAddress.FromIPv4(0x7F00_0001, 1);

    /// <summary>Enough that what is used for every packet is compiled for speed, and the heap has its working size.</summary>
    private const int Runs = 20;

    private static int Begun;

    /// <summary>The first call in a process tests, and goes on testing in the background for the compiler's sake; later calls do nothing.</summary>
    /// <inheritdoc cref="Run"/>
    public static string? Once(DateTimeOffset now)
    {
        if (Interlocked.Exchange(ref Begun, 1) != 0)
        {
            return null;
        }

        DtlsIdentity identity = DtlsIdentity.Create(now);
        string? fault = Run(identity);
        if (fault is not null)
        {
            identity.Dispose();
            return fault;
        }

        _ = Task.Run(() =>
        {
            for (int i = 1; i < Runs && Run(identity) is null; i++)
            {
            }

            identity.Dispose();

            // The garbage of the whole start goes back to the system before the first lesson, not in the middle of one.
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        });
        return null;
    }

    /// <returns>What failed, in English for the log; null: all is well.</returns>
    public static string? Run(DtlsIdentity identity)
    {
        LocalTransport local = Transport(identity);
        var sources = new LocalSources(new Ssrc(1), new Ssrc(2), new Ssrc(3), Stream, Stream);
        ClientOffer offer = WhipOffer.Create(local, sources, CodecKind.Vp8, audio: true);
        LocalTransport hub = Transport(identity);
        if (!SessionDescription.TryParse(offer.Sdp, out SessionDescription? offered, out _) || !WhipAnswer.TryCreate(offered, hub, out WhipAnswer? whip, out _)
            || !offer.TryReadAnswer(whip.Sdp, out ClientAnswer? publishing, out _, out _))
        {
            return "WHIP offer and answer";
        }

        using Link publisher = Link.Between(identity, hub, whip.Remote, local, publishing.Remote);
        local = Transport(identity);
        hub = Transport(identity);
        offer = WhepOffer.Create(local);
        if (!SessionDescription.TryParse(offer.Sdp, out offered, out _)
            || !WhepAnswer.TryCreate(offered, whip.Stream, hub, sources, out WhepAnswer? whep, out _)
            || !offer.TryReadAnswer(whep.Sdp, out ClientAnswer? watching, out _, out _))
        {
            return "WHEP offer and answer";
        }

        using Link watcher = Link.Between(identity, hub, whep.Remote, local, watching.Remote);
        return !publisher.Connect() || !watcher.Connect()
            ? "DTLS handshake"
            : Forward(publisher, watcher, new PublishedStream(whip.Stream, 4), WatcherFormat.From(whep, Stream)) ? null : "SRTP and forwarding";
    }

    /// <summary>Sends a picture's packets from the publisher through the hub to the watcher.</summary>
    private static bool Forward(Link publisher, Link watcher, PublishedStream stream, SubscriptionFormat format)
    {
        var subscription = new Subscription(format, 5);
        subscription.Attach(stream);
        byte[] header = new byte[RtpHeader.FixedLength], body = new byte[1000], wire = new byte[2048], written = new byte[Subscription.MaxHeader], scratch = new byte[Subscription.MaxPayload];
        byte payloadType = stream.Description.Video!.Codec.PayloadType;
        int arrived = 0;
        for (int i = 0; i < Packets; i++)
        {
            bool first = i % 10 == 0;
            body[0] = first ? (byte)0x10 : (byte)0; // VP8 descriptor: start of a partition; the next byte's lowest bit: 0 for a key frame
            body[1] = first ? (byte)0x00 : (byte)1;
            RtpHeader.Write(header, payloadType, i % 10 == 9, new SeqNo((ushort)i), new RtpTime((uint)(i / 10 * 3600)), new Ssrc(2));
            int length = publisher.Client.ProtectRtp(header, body, wire);
            MonoTime now = publisher.Now + TimeSpan.FromMilliseconds(4 * i);
            if (publisher.Hub.OnDatagram(wire.AsSpan(0, length), publisher.ClientAddress, now, out length) != DatagramKind.Rtp)
            {
                return false;
            }

            stream.OnRtp(wire.AsSpan(0, length), now);
            while (subscription.TryTakeRtp(now, written, scratch, out int headerLength, out ReadOnlySpan<byte> payload))
            {
                length = watcher.Hub.ProtectRtp(written.AsSpan(0, headerLength), payload, wire);
                arrived += watcher.Client.OnDatagram(wire.AsSpan(0, length), HubAddress, now, out length) == DatagramKind.Rtp ? 1 : 0;
            }
        }

        return arrived > Packets / 2;
    }

    private static LocalTransport Transport(DtlsIdentity identity) =>
        new(RandomNumberGenerator.GetHexString(8), RandomNumberGenerator.GetHexString(24), identity.Fingerprint, []);

    /// <summary>The two engines of one connection, with nothing between them.</summary>
    private sealed class Link(PeerEngine hub, PeerEngine client) : IDisposable
    {
        private readonly byte[] _buffer = new byte[PeerEngine.MaxDatagram];

        public PeerEngine Hub => hub;

        public PeerEngine Client => client;

        public MonoTime Now { get; private set; } = Begin;

        public TransportAddress ClientAddress { get; } = TransportAddress.FromIPv4(0x7F00_0001, 2);

        private static MonoTime Begin => new(1_000_000_000);

        public static Link Between(DtlsIdentity identity, LocalTransport hub, RemoteTransport ofClient, LocalTransport client, RemoteTransport ofHub) => new(
            new PeerEngine(PeerSettings.From(hub, ofClient, iceLite: true, seed: 1), identity, Begin),
            new PeerEngine(PeerSettings.From(client, ofHub, iceLite: false, seed: 2) with { RemoteCandidates = [HubAddress] }, identity, Begin));

        public bool Connect()
        {
            for (int step = 0; step < 400 && (hub.State != PeerState.Connected || client.State != PeerState.Connected); step++)
            {
                Carry(client, hub, ClientAddress);
                Carry(hub, client, HubAddress);
                Now += TimeSpan.FromMilliseconds(5);
                client.OnTime(Now);
                hub.OnTime(Now);
            }

            return hub.State == PeerState.Connected && client.State == PeerState.Connected;
        }

        public void Dispose()
        {
            hub.Dispose();
            client.Dispose();
        }

        private void Carry(PeerEngine from, PeerEngine to, TransportAddress sender)
        {
            while (from.TryTake(_buffer, out int length, out _))
            {
                to.OnDatagram(_buffer.AsSpan(0, length), sender, Now, out _);
            }
        }
    }
}
