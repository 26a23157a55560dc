using System.Globalization;
using System.Text.Json;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.EndToEnd.Stage;

/// <summary>libwebrtc under Node: a WebRTC client that knows nothing of this project but WHIP and WHEP.</summary>
internal sealed class NodeClient : IDisposable
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "EndToEnd", "node");

    private NodeClient(ChildProcess process) => Process = process;

    public ChildProcess Process { get; }

    /// <summary>The newest line of figures; null before the first.</summary>
    public JsonElement? Figures => Process.Lines.LastOrDefault(l => l.StartsWith('{')) is { } line ? JsonDocument.Parse(line).RootElement : null;

    public static async Task<NodeClient> StartAsync(HubProcess hub, MediaTicket ticket, TimeSpan duration)
    {
        await InstallAsync();
        string mode = ticket.Direction == MediaDirection.Publish ? "publish" : "watch";
        return new NodeClient(ChildProcess.Start(
            "node", ["client.mjs", mode, new Uri(hub.Address, ticket.Url).ToString(), ticket.Token, duration.TotalSeconds.ToString(CultureInfo.InvariantCulture)], Folder));
    }

    public double Number(string name) => Figures is { } figures && figures.TryGetProperty(name, out JsonElement value) ? value.GetDouble() : double.NaN;

    public void Dispose() => Process.Dispose();

    private static async Task InstallAsync()
    {
        if (!Directory.Exists(Path.Combine(Folder, "node_modules", "@roamhq", "wrtc")))
        {
            using ChildProcess npm = ChildProcess.Start("npm", ["ci", "--no-audit", "--no-fund"], Folder);
            await npm.ExitAsync(TimeSpan.FromMinutes(3));
            Assert.True(npm.ExitCode == 0, npm.Tail());
        }
    }
}
