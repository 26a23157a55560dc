using System.Net;
using System.Net.Sockets;
using ThreeClassrooms.Hub.Demo;

namespace ThreeClassrooms.Hub.Tests.Demo;

public sealed class DemoOptionsTests : IDisposable
{
    private readonly string _data = Path.Combine(Path.GetTempPath(), "hub-demo-" + Guid.NewGuid().ToString("N"));

    public void Dispose()
    {
        if (Directory.Exists(_data))
        {
            Directory.Delete(_data, recursive: true);
        }
    }

    [Fact]
    public void SecondDemoInTheFolderOfARunningOne_IsRefused_ItsDataStays()
    {
        Assert.Null(Options(FreePort()).Begin(out IDisposable? running));
        string kept = Path.Combine(_data, "hub.db");
        File.WriteAllText(kept, "a lesson");
        Assert.Equal("FolderTaken", Options(FreePort()).Begin(out IDisposable? second));
        Assert.Null(second);
        Assert.True(File.Exists(kept));

        running!.Dispose();
        Assert.Null(Options(FreePort()).Begin(out IDisposable? next)); // every demo begins afresh
        Assert.False(File.Exists(kept));
        next!.Dispose();
    }

    [Theory]
    [InlineData(ProtocolType.Tcp)]
    [InlineData(ProtocolType.Udp)]
    public void TakenPort_IsSaidBeforeAnythingIsTouched(ProtocolType protocol)
    {
        using var taken = new Socket(AddressFamily.InterNetwork, protocol == ProtocolType.Tcp ? SocketType.Stream : SocketType.Dgram, protocol);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        if (protocol == ProtocolType.Tcp)
        {
            taken.Listen();
        }

        Assert.Equal("PortTaken", Options(((IPEndPoint)taken.LocalEndPoint!).Port).Begin(out _));
        Assert.False(Directory.Exists(_data));
    }

    [Fact]
    public void FolderThatIsNoDemos_IsNotEmptied()
    {
        Directory.CreateDirectory(_data);
        string foreign = Path.Combine(_data, "thesis.odt");
        File.WriteAllText(foreign, "years of work");
        Assert.Null(Options(FreePort()).Begin(out IDisposable? running));
        running!.Dispose();
        Assert.True(File.Exists(foreign));
    }

    private DemoOptions Options(int port) => new(false, port, _data, "agent.dll");

    private static int FreePort()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }
}
