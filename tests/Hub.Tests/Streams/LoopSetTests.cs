using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using ThreeClassrooms.Benchmarks;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Streams;
using ThreeClassrooms.Hub.Streams.Loops;
using ThreeClassrooms.Media.Dtls;
using ThreeClassrooms.Media.Sdp;
using ThreeClassrooms.Media.Stun;
using ThreeClassrooms.TestKit;

namespace ThreeClassrooms.Hub.Tests.Streams;

/// <summary>More lessons than one loop takes: the next ones live on another loop with a port of its own.</summary>
public sealed class LoopSetTests : IAsyncLifetime
{
    private static readonly StunTransaction Transaction = new(1, 2);

    private readonly DtlsIdentity _identity = DtlsIdentity.Create(DateTimeOffset.UtcNow.AddDays(-1));
    private readonly Guid _last = Guid.NewGuid();
    private readonly LoadThread _load = new();
    private MediaHost _host = null!;

    public async Task InitializeAsync()
    {
        _host = await MediaHost.StartAsync(new StreamsOptions { Loops = 2, SocketBuffer = 1 << 20, OffersPerSecond = 1000 });
        for (int i = 1; i < LoopChoice.Company; i++)
        {
            _host.Server.OpenLesson(Guid.NewGuid());
        }
    }

    public async Task DisposeAsync()
    {
        _load.Stop();
        await _host.DisposeAsync();
        _identity.Dispose();
    }

    [Theory]
    [InlineData(65534, 0, 1, true)]
    [InlineData(65535, 0, 1, false)]
    [InlineData(8443, 65535, 0, true)]
    [InlineData(8443, 65534, 2, false)]
    public void BeyondTheLastPortNumber_ThereIsNoFurtherLoop(int port, int announced, int loop, bool has) =>
        Assert.Equal(has, MediaEndpoint.Create(System.Net.IPAddress.Loopback, port, announced, [], tcp: true, offerLoopback: true).HasPort(loop));

    [Fact]
    public async Task LessonOnAnotherLoop_HasPictureByItsPort_AndIsReachedByTcpOnTheHubsOwn()
    {
        _host.Server.OpenLesson(_last);
        LoadPeer publisher = await ConnectAsync(_last, MediaDirection.Publish);
        Assert.All(publisher.Answer.Remote.Candidates, c => Assert.Equal(c.IsTcp ? _host.Port : _host.Port + 1, c.Address.Port));
        _load.Publish(publisher);
        await _load.AllConnectedAsync();
        _load.Watch(await ConnectAsync(_last, MediaDirection.Watch));
        await _load.AllConnectedAsync();
        await Until.TrueAsync(() => _load.Received >= 200, () => $"200 packets, not {_load.Received}");
        Assert.Equal(0, _load.Missing);

        RemoteTransport hub = publisher.Answer.Remote;
        byte[] answer = await BindAsync(hub.Ufrag, publisher.Ufrag, hub.Pwd);
        Assert.Equal(StunError.None, StunMessage.TryRead(answer, out StunMessage response));
        Assert.Equal((StunClass.Success, Transaction), (response.Class, response.Transaction));
    }

    [Fact]
    public async Task PortOfTheNextLoopIsTaken_LessonsStayOnTheFirst()
    {
        using var other = new UdpClient(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, _host.Port + 1));
        _host.Server.OpenLesson(_last);
        LoadPeer publisher = await ConnectAsync(_last, MediaDirection.Publish);
        Assert.All(publisher.Answer.Remote.Candidates, c => Assert.Equal(_host.Port, c.Address.Port));
        _load.Publish(publisher);
        await _load.AllConnectedAsync();
    }

    [Fact]
    public async Task WhoSaysNothingOfALoopByTcp_IsLetGo()
    {
        Assert.Empty(await BindAsync("zzz", "ours", "unknown"));
    }

    private Task<LoadPeer> ConnectAsync(Guid lesson, MediaDirection direction)
    {
        bool publishes = direction == MediaDirection.Publish;
        MediaTicket ticket = _host.Tickets.Issue(
            lesson, publishes ? "host" : "o-1", StreamIds.HostCamera, direction, StreamSource.Device, DateTimeOffset.UtcNow);
        return LoadPeer.ConnectAsync(_host.Http, ticket.Url, ticket.Token, _identity, publishes);
    }

    /// <summary>Sends a framed binding request by TCP.</summary>
    /// <returns>The framed answer's message; empty: the connection was ended.</returns>
    private async Task<byte[]> BindAsync(string ufrag, string remote, string pwd)
    {
        byte[] frame = Request(ufrag, remote, pwd);
        using var tcp = new TcpClient();
        await tcp.ConnectAsync("127.0.0.1", _host.Port);
        await tcp.GetStream().WriteAsync(frame);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        byte[] answer = new byte[512];
        int read = await tcp.GetStream().ReadAsync(answer, deadline.Token);
        return answer[2..Math.Max(2, read)];
    }

    internal static byte[] Request(string ufrag, string remote, string pwd)
    {
        byte[] frame = new byte[1280];
        var request = new StunWriter(frame.AsSpan(2), StunClass.Request, Transaction);
        request.AddUsername(ufrag, remote);
        request.AddPriority(1);
        request.AddIntegrity(Encoding.UTF8.GetBytes(pwd));
        request.AddFingerprint();
        BinaryPrimitives.WriteUInt16BigEndian(frame, (ushort)request.Length);
        return frame[..(2 + request.Length)];
    }
}
