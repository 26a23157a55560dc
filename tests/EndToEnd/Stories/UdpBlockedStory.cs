using System.Text.Json;
using Microsoft.Playwright;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.EndToEnd.Stage;
using ThreeClassrooms.Hub.Lessons;
using Xunit.Abstractions;

namespace ThreeClassrooms.EndToEnd.Stories;

/// <summary>A school's firewall lets no UDP through: the whole lesson goes over TCP, for the lecturer's browser and the classrooms alike.</summary>
[Collection(nameof(OneAtATime))]
public sealed class UdpBlockedStory(ITestOutputHelper output)
{
    private const string KeepPeers =
        """
        window.__connections = [];
        const Native = window.RTCPeerConnection;
        window.RTCPeerConnection = class extends Native { constructor(...args) { super(...args); window.__connections.push(this); } };
        """;

    private const string Protocols =
        """
        async () => {
          const found = [];
          for (const peer of window.__connections.filter(p => p.connectionState === 'connected')) {
            const stats = [...(await peer.getStats()).values()];
            const transport = stats.find(s => s.type === 'transport');
            const pair = stats.find(s => s.id === transport?.selectedCandidatePairId);
            found.push(stats.find(s => s.id === pair?.remoteCandidateId)?.protocol ?? 'none');
          }
          return JSON.stringify(found);
        }
        """;

    [Fact]
    public async Task NoUdp_BrowserAndAgentsUseTcp_EverybodySeesAndHears()
    {
        await using HubProcess hub = await HubProcess.StartAsync();
        await using PacketFilter firewall = await PacketFilter.BlockUdpAsync(hub.Port);
        var desk = new CountyDesk(hub);
        Guid lesson = await desk.PlanAsync(TimeSpan.FromSeconds(25), TimeSpan.FromSeconds(90));
        using AgentProcess first = await desk.ReceivingAgentAsync(0);
        using AgentProcess second = await desk.ReceivingAgentAsync(1);
        await using Chromium chromium = await Chromium.StartAsync();
        IPage page = await chromium.TeachAsync(hub, lesson, prepare: KeepPeers);

        await desk.FactAsync(lesson, LessonFactKind.FirstPicture, TimeSpan.FromSeconds(40), "r1");
        await desk.FactAsync(lesson, LessonFactKind.FirstPicture, TimeSpan.FromSeconds(40), "r2");
        foreach (AgentProcess agent in (AgentProcess[])[first, second])
        {
            await Eventually.IsTrueAsync(
                () => agent.SecondsOf(StreamIds.HostCamera).Any(s => s.Number("fps") > 10 && s.Number("soundDb") > -60 && s.Row.GetProperty("overTcp").GetBoolean()),
                TimeSpan.FromSeconds(30), () => agent.Process!.Tail());
        }

        await page.WaitForFunctionAsync(
            "() => ['r1-camera', 'r2-camera'].every(s => (window.__live.peers[s]?.framesDecoded ?? 0) > 10)", null, new PageWaitForFunctionOptions { Timeout = 40_000 });
        string[] protocols = JsonSerializer.Deserialize<string[]>(await page.EvaluateAsync<string>(Protocols))!;
        output.WriteLine($"browser: {string.Join(", ", protocols)}; UDP packets dropped: {await firewall.TakenAsync()}; agent {first.SecondsOf(StreamIds.HostCamera)[^1].Row}");
        Assert.Equal(3, protocols.Length);
        Assert.All(protocols, p => Assert.Equal("tcp", p));
        Assert.True(await firewall.TakenAsync() > 0);
        Assert.Empty(hub.Errors);
    }
}
