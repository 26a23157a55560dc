using System.Net;
using System.Net.Sockets;

namespace ThreeClassrooms.EndToEnd.Stage;

/// <summary>Where the built programs are, and free ports for them.</summary>
public static class Repository
{
    private static readonly Lazy<string> FoundRoot = new(() =>
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "ThreeClassrooms.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException("The tests run outside the repository.");
    });

    public static string Root => FoundRoot.Value;

    /// <summary>"Release" or "Debug": the programs under test are built like the tests.</summary>
    public static string Configuration => AppContext.BaseDirectory.Contains($"{Path.DirectorySeparatorChar}Release{Path.DirectorySeparatorChar}", StringComparison.Ordinal) ? "Release" : "Debug";

    public static string Hub => Path.Combine(Root, "hub", "bin", Configuration, "net10.0", "ThreeClassrooms.Hub.dll");

    public static string Agent => Path.Combine(Root, "classroom-agent", "bin", Configuration, "net10.0", "ThreeClassrooms.Agent.dll");

    public static string OutboxProducer => Path.Combine(Root, "tests", "OutboxProducer", "bin", Configuration, "net10.0", "ThreeClassrooms.OutboxProducer.dll");

    public static string HangingAgent => Path.Combine(Root, "tests", "HangingAgent", "bin", Configuration, "net10.0", "ThreeClassrooms.Agent.dll");

    public static string Film(string name) => Path.Combine(Root, "config", "demo-media", name);

    /// <summary>A port that is free for TCP and UDP at this moment.</summary>
    public static int FreePort()
    {
        for (; ; )
        {
            using var tcp = new TcpListener(IPAddress.Loopback, 0);
            tcp.Start();
            int port = ((IPEndPoint)tcp.LocalEndpoint).Port;
            try
            {
                using var udp = new UdpClient(new IPEndPoint(IPAddress.Any, port));
                return port;
            }
            catch (SocketException)
            {
                // Taken for UDP: try the next one.
            }
        }
    }

    public static string NewFolder(string purpose)
    {
        string path = Path.Combine(Path.GetTempPath(), $"three-classrooms-{purpose}-{Guid.NewGuid():N}");
        Directory.CreateDirectory(path);
        return path;
    }
}
