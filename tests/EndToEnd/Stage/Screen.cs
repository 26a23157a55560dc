using ThreeClassrooms.Agent.Playback;

namespace ThreeClassrooms.EndToEnd.Stage;

/// <summary>An X display without a monitor, as large as a classroom's, and what is to be seen on it.</summary>
internal sealed class Screen : IDisposable
{
    private readonly ChildProcess _server;

    private Screen(ChildProcess server, string display) => (_server, Display) = (server, display);

    public string Display { get; }

    public static async Task<Screen> StartAsync()
    {
        // The server picks a free number and writes it down once it listens.
        ChildProcess server = ChildProcess.Start("Xvfb", ["-displayfd", "1", "-screen", "0", "1280x720x24", "-nolisten", "tcp"]);
        string number = await server.LineAsync(l => int.TryParse(l, out _), TimeSpan.FromSeconds(20));
        return new Screen(server, ":" + number);
    }

    /// <summary>What the room sees now, as <see cref="PatternReader"/> takes it.</summary>
    public async Task<byte[]> LookAsync()
    {
        string file = Path.GetTempFileName();
        try
        {
            await GrabAsync("-vf", $"scale={PatternReader.Width}:{PatternReader.Height}:flags=area,format=gray", "-f", "rawvideo", file);
            return await File.ReadAllBytesAsync(file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>Keeps a picture of it beside the tests' results.</summary>
    public Task KeepAsync(string name)
    {
        string folder = Directory.CreateDirectory(Path.Combine(Repository.Root, "artifacts", "screens")).FullName;
        return GrabAsync(Path.Combine(folder, name + ".png"));
    }

    public void Dispose() => _server.Dispose();

    private async Task GrabAsync(params string[] output)
    {
        using ChildProcess grab = ChildProcess.Start(
            "ffmpeg", ["-nostdin", "-v", "error", "-y", "-f", "x11grab", "-draw_mouse", "0", "-video_size", "1280x720", "-i", Display, "-frames:v", "1", .. output]);
        await grab.ExitAsync(TimeSpan.FromSeconds(20));
        Assert.True(grab.ExitCode == 0, grab.Tail());
    }
}
