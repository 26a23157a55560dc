using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using ThreeClassrooms.Hub.Streams.Loops;
using ThreeClassrooms.Hub.Streams.Sockets;
using ThreeClassrooms.Media.Dtls;
using ThreeClassrooms.Media.Peers;
using ThreeClassrooms.Media.Rtp;
using ThreeClassrooms.Media.Sdp;
using ThreeClassrooms.Media.Time;

namespace ThreeClassrooms.Benchmarks;

/// <summary>One client connection of a measurement: the media library's full side on a socket of its own. Belongs to the load thread once connected.</summary>
internal sealed class LoadPeer : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { Blocking = false };
    private readonly byte[] _buffer = new byte[2048];
    private readonly PeerEngine _engine;
    private readonly EndPoint _server;

    private LoadPeer(PeerEngine engine, EndPoint server, ClientAnswer answer)
    {
        (_engine, _server, Answer) = (engine, server, answer);
        _socket.ReceiveBufferSize = 4 << 20;
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
    }

    public ClientAnswer Answer { get; }

    /// <summary>Our name in ICE.</summary>
    public required string Ufrag { get; init; }

    /// <summary>Our own sources, when publishing.</summary>
    public required LocalSources Sources { get; init; }

    public bool IsConnected => _engine.State == PeerState.Connected;

    public long Received { get; private set; }

    /// <summary>Packets of all sources that are missing between the first and the newest that came.</summary>
    public long Missing => _arrivals.Values.Sum(a => a.Missing);

    private readonly Dictionary<uint, Arrivals> _arrivals = [];

    /// <summary>Milliseconds from the publisher's stamp to our reading; null: not measured now.</summary>
    public List<double>? Delays { get; set; }

    public static async Task<LoadPeer> ConnectAsync(HttpClient http, string url, string token, DtlsIdentity identity, bool publish)
    {
        string ufrag = Convert.ToHexString(RandomNumberGenerator.GetBytes(4));
        string pwd = Convert.ToHexString(RandomNumberGenerator.GetBytes(12));
        var local = new LocalTransport(ufrag, pwd, identity.Fingerprint, []);
        uint ssrc = (uint)RandomNumberGenerator.GetInt32(1, int.MaxValue);
        var sources = new LocalSources(new Ssrc(ssrc), new Ssrc(ssrc ^ 1), new Ssrc(ssrc ^ 2), "load", "load");
        ClientOffer offer = publish
            ? WhipOffer.Create(local, sources, CodecKind.Vp8, audio: true)
            : WhepOffer.Create(local);
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new StringContent(offer.Sdp) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/sdp");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using HttpResponseMessage response = await http.SendAsync(request);
        string sdp = await response.Content.ReadAsStringAsync();
        response.EnsureSuccessStatusCode();
        if (!offer.TryReadAnswer(sdp, out ClientAnswer? answer, out _, out SdpRefusal refusal))
        {
            throw new InvalidOperationException($"The answer cannot be used: {refusal}");
        }

        RemoteTransport remote = answer.Remote;
        TransportAddress address = remote.Candidates.First(c => !c.IsTcp).Address;
        var settings = new PeerSettings
        {
            IceLite = false,
            DtlsClient = remote.DtlsClient,
            LocalUfrag = ufrag,
            LocalPwd = pwd,
            RemoteUfrag = remote.Ufrag,
            RemotePwd = remote.Pwd,
            RemoteFingerprint = remote.Fingerprint,
            RemoteCandidates = [address],
            Seed = ssrc,
        };
        return new LoadPeer(new PeerEngine(settings, identity, MonoClock.Now), SocketAddressBytes.ToEndPoint(address, v6: false), answer) { Sources = sources, Ufrag = ufrag };
    }

    /// <summary>Reads what has come and sends what is due.</summary>
    /// <returns>True when anything came.</returns>
    public bool Turn(MonoTime now)
    {
        bool any = false;
        TransportAddress from = SocketAddressBytes.From((IPEndPoint)_server);
        while (_socket.Available > 0)
        {
            any = true;
            int length = _socket.Receive(_buffer);
            if (_engine.OnDatagram(_buffer.AsSpan(0, length), from, now, out int plain) == DatagramKind.Rtp)
            {
                Received++;
                Count(_buffer.AsSpan(0, plain));
                Measure(_buffer.AsSpan(0, plain));
            }
        }

        if (_engine.NextDeadline is { } due && due <= now)
        {
            _engine.OnTime(now);
        }

        while (_engine.TryTake(_buffer, out int length, out _))
        {
            _socket.SendTo(_buffer.AsSpan(0, length), _server);
        }

        return any;
    }

    public void SendRtp(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload)
    {
        int length = _engine.ProtectRtp(header, payload, _buffer);
        if (length > 0)
        {
            _socket.SendTo(_buffer.AsSpan(0, length), _server);
        }
    }

    /// <summary>Sends bytes as they are.</summary>
    public void SendWire(ReadOnlySpan<byte> wire) => _socket.SendTo(wire, _server);

    public void Dispose()
    {
        _engine.Dispose();
        _socket.Dispose();
    }

    private void Count(ReadOnlySpan<byte> plain)
    {
        if (RtpHeader.TryRead(plain, out RtpHeader header) != RtpError.None)
        {
            return;
        }

        if (!_arrivals.TryGetValue(header.Ssrc.Value, out Arrivals? arrivals))
        {
            _arrivals[header.Ssrc.Value] = arrivals = new Arrivals();
        }

        arrivals.Add(header.Sequence);
    }

    private void Measure(ReadOnlySpan<byte> plain)
    {
        if (Delays is { } delays && RtpHeader.TryRead(plain, out RtpHeader header) == RtpError.None && header.PayloadLength >= 8)
        {
            long stamp = BinaryPrimitives.ReadInt64BigEndian(plain[(header.HeaderLength + header.PayloadLength - 8)..]);
            delays.Add((MonoClock.Now.Nanoseconds - stamp) / 1e6);
        }
    }
}
