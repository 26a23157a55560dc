using System.Net;
using Microsoft.Playwright;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.EndToEnd.Stage;
using Xunit.Abstractions;

namespace ThreeClassrooms.EndToEnd.Fleet;

/// <summary>Somebody pulls the network cable of a classroom's device. Nothing is told to anybody; the office sees it on the board all the same, and why.</summary>
[Collection(nameof(SecondLane))]
public sealed class PulledCableStory(ITestOutputHelper output)
{
    private const string Room = "音乐教室";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    /// <summary>Where the device finds hub and broker; nobody else uses it.</summary>
    private static readonly IPAddress Network = IPAddress.Parse("127.0.0.2");

    [Fact]
    public async Task PulledCable_IsOnTheBoardWithin45Seconds_WithItsReason()
    {
        await using HubProcess hub = await HubProcess.StartAsync("--Mqtt:Mode=Managed", "--Mqtt:Port=0", $"--Mqtt:Listen={Network}");
        var desk = new CountyDesk(hub);
        await desk.PlanAsync(TimeSpan.FromMinutes(40), TimeSpan.FromSeconds(30), receivers: 1);
        await using var gate = new Gate(Network, hub.Port);
        using AgentProcess agent = await AgentProcess.StartAsync(gate.Address, await desk.CodeAsync(0), DeviceRole.Receiving, "none");
        await using Chromium chromium = await Chromium.StartAsync();
        IPage page = await chromium.SignInAsync(hub.Address, "county");
        await page.GotoAsync(new Uri(hub.Address, "/devices").ToString());
        await Eventually.IsTrueAsync(async () => await page.Locator(".states .state-healthy b").InnerTextAsync() == "1", Patience, () => agent.Process!.Tail());

        await using PacketFilter pulled = await PacketFilter.CutOffAsync(Network);
        TimeSpan shown = await Eventually.IsTrueAsync(
            async () => (await page.Locator(".need", new PageLocatorOptions { HasText = Room }).AllInnerTextsAsync()).Any(t => t.Contains("设备断线，平台收不到它的消息", StringComparison.Ordinal)),
            TimeSpan.FromSeconds(60), () => hub.Process.Tail());
        output.WriteLine($"on the board {shown.TotalSeconds:0.0} s after the cable was pulled");
        Assert.True(shown < TimeSpan.FromSeconds(45), $"{shown.TotalSeconds:0.0} s");
        Assert.True(await pulled.TakenAsync() > 0, "no packet was stopped");
        Assert.Empty(hub.Errors);
    }
}
