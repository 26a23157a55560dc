using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ThreeClassrooms.Hub.Demo;

/// <summary>What <c>demo [--once] [--port N] [--data DIR] [--agent FILE]</c> asked for.</summary>
/// <param name="Once">End after the lesson: exit code 0 when it was judged valid with both classrooms, else 1.</param>
/// <param name="Agent">The classroom agent's assembly.</param>
internal sealed record DemoOptions(bool Once, int Port, string Data, string Agent)
{
    public const string Verb = "demo";

    /// <summary>Written into a demo's data folder; only a folder that carries it is emptied at the next demo.</summary>
    private const string Marker = ".demo";

    public string HubAddress => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Port}");

    /// <returns>Null when the command line is not a demo's.</returns>
    public static DemoOptions? Read(IReadOnlyList<string> arguments)
    {
        if (arguments.Count == 0 || arguments[0] != Verb)
        {
            return null;
        }

        string? After(string name) => arguments.SkipWhile(a => a != name).Skip(1).FirstOrDefault();
        return new DemoOptions(
            arguments.Contains("--once"),
            int.TryParse(After("--port"), NumberStyles.None, CultureInfo.InvariantCulture, out int port) ? port : 8443,
            Path.GetFullPath(After("--data") ?? Path.Combine("data", "demo")),
            Path.GetFullPath(After("--agent") ?? DefaultAgent()));
    }

    /// <summary>The settings of the demo county, in command-line form.</summary>
    public string[] ToSettings() =>
    [
        $"--Hub:Port={Port}", $"--Hub:DataFolder={Data}", "--Hub:Listen=127.0.0.1", "--Hub:SeedCounty=demo-county.json",
        "--Credit:PolicyFile=demo-credit-policy.json", "--Serilog:MinimumLevel:Default=Warning",
        "--Mqtt:Port=0", "--Mqtt:Listen=127.0.0.1",
    ];

    /// <summary>Looks at what a demo needs before anything is built or emptied.</summary>
    /// <param name="hold">The folder is this process's until it is disposed; null with a fault.</param>
    /// <returns>Key of the one line that says why the demo cannot begin; null: it can.</returns>
    public string? Begin(out IDisposable? hold)
    {
        hold = null;
        if (!IsFree(Port))
        {
            return "PortTaken";
        }

        if (TakeFolder() is not { } folder)
        {
            return "FolderTaken";
        }

        hold = folder;
        return null;
    }

    /// <summary>Every demo begins afresh: an earlier demo's folder is emptied, any other folder is left alone, and one that a demo runs in is not touched.</summary>
    /// <returns>Null: a demo runs there.</returns>
    private FileStream? TakeFolder()
    {
        string marker = Path.Combine(Data, Marker);
        bool earlier = File.Exists(marker);
        try
        {
            Directory.CreateDirectory(Data);
            var held = new FileStream(marker, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            foreach (string entry in earlier ? Directory.EnumerateFileSystemEntries(Data).Where(e => e != marker).ToList() : [])
            {
                if (Directory.Exists(entry))
                {
                    Directory.Delete(entry, recursive: true);
                }
                else
                {
                    File.Delete(entry);
                }
            }

            return held;
        }
        catch (IOException) when (earlier)
        {
            return null;
        }
    }

    /// <summary>For both, as the hub needs it.</summary>
    private static bool IsFree(int port)
    {
        try
        {
            using var tcp = new TcpListener(IPAddress.Loopback, port);
            tcp.Start();
            using var udp = new UdpClient(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Both programs are built into the same place of their own folders.</summary>
    private static string DefaultAgent()
    {
        string mine = AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar);
        string build = Path.GetRelativePath(Path.Combine(mine, "..", "..", ".."), mine);
        return Path.Combine(mine, "..", "..", "..", "..", "classroom-agent", build, "ThreeClassrooms.Agent.dll");
    }
}
