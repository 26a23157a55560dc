using System.Diagnostics;
using System.Globalization;
using ThreeClassrooms.EndToEnd.Stage;
using Xunit.Abstractions;

namespace ThreeClassrooms.EndToEnd.Stories;

/// <summary>A hub with its broker and a classroom's agent, when one after the other is killed: all find each other again, and who is gone is known to be gone.</summary>
[Collection(nameof(SecondLane))]
public sealed class FleetStory(ITestOutputHelper output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private static readonly string[] WithBroker =
        ["--Mqtt:Mode=Managed", "--Mqtt:Port=0", "--Mqtt:Listen=127.0.0.1", "--Serilog:MinimumLevel:Override:ThreeClassrooms.Hub.Devices.Link=Debug"];

    [Fact]
    public async Task BrokerKilled_UsersFileEmptied_HubKilled_TheAgentIsBackWithoutAVisit()
    {
        await using HubProcess hub = await HubProcess.StartAsync(WithBroker);
        using AgentProcess agent = await new CountyDesk(hub).ReceivingAgentAsync(0, "none");
        await SaysAsync(hub, online: true, null, times: 1);

        (await BrokerAsync(hub)).Kill();
        TimeSpan back = await OnlineAsync(agent, times: 2);
        output.WriteLine($"back {back.TotalSeconds:0.0} s after the broker was killed");

        await File.WriteAllBytesAsync(Path.Combine(hub.Folder, "broker", "dynamic-security.json"), []);
        (await BrokerAsync(hub)).Kill();
        back = await OnlineAsync(agent, times: 3);
        output.WriteLine($"back {back.TotalSeconds:0.0} s after the broker was killed and its users' file emptied");
        Assert.Empty(hub.Errors);

        using Process broker = await BrokerAsync(hub);
        hub.Kill();
        await Eventually.IsTrueAsync(() => broker.HasExited, TimeSpan.FromSeconds(10), () => "the broker outlives its hub");
        await hub.StartAgainAsync();
        back = await OnlineAsync(agent, times: 4);
        output.WriteLine($"back {back.TotalSeconds:0.0} s after the hub was started again");
        await SaysAsync(hub, online: true, null, times: 1);
        Assert.Empty(hub.Errors);
    }

    [Fact]
    public async Task AgentKilled_IsSaidToBeLost_StoppedCleanly_SaysSo()
    {
        await using HubProcess hub = await HubProcess.StartAsync(WithBroker);
        using AgentProcess agent = await new CountyDesk(hub).ReceivingAgentAsync(0, "none");
        await SaysAsync(hub, online: true, null, times: 1);

        agent.Kill();
        TimeSpan known = await SaysAsync(hub, online: false, "lost", times: 1);
        output.WriteLine($"known to be lost {known.TotalSeconds:0.0} s after the kill");
        Assert.True(known < TimeSpan.FromSeconds(25), $"{known.TotalSeconds:0.0} s");

        agent.StartAgain();
        await SaysAsync(hub, online: true, null, times: 2);
        using Process terminate = Process.Start("kill", ["-TERM", agent.Process!.Id.ToString(CultureInfo.InvariantCulture)]);
        TimeSpan farewell = await SaysAsync(hub, online: false, "shutdown", times: 1);
        output.WriteLine($"known to be stopped {farewell.TotalSeconds:0.0} s after the signal");
        await agent.Process.ExitAsync(Patience);
        Assert.Equal(1, Count(hub, online: false, "lost"));
        Assert.Empty(hub.Errors);
    }

    private static int Count(HubProcess hub, bool online, string? reason) => hub.Process.Lines.Count(l =>
        l.Contains($"online: {online}, reason {reason ?? "null"}, ", StringComparison.Ordinal));

    private static Task<TimeSpan> SaysAsync(HubProcess hub, bool online, string? reason, int times) =>
        Eventually.IsTrueAsync(() => Count(hub, online, reason) >= times, Patience, () => hub.Process.Tail());

    private static Task<TimeSpan> OnlineAsync(AgentProcess agent, int times) => Eventually.IsTrueAsync(
        () => agent.Process!.Lines.Count(l => l.Contains("Online at the broker", StringComparison.Ordinal)) >= times, Patience, () => agent.Process!.Tail());

    private static async Task<Process> BrokerAsync(HubProcess hub)
    {
        RunningProgram? found = null;
        await Eventually.IsTrueAsync(
            () => (found = ProcessTable.ChildrenOf(hub.Process.Id).Cast<RunningProgram?>().FirstOrDefault(p => p!.Value.Name == "mosquitto")) is not null, Patience, () => "no broker");
        return Process.GetProcessById(found!.Value.Id);
    }
}
