using System.Diagnostics;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.EndToEnd.Stage;
using ThreeClassrooms.Hub.Devices;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.EndToEnd.Fleet;

/// <summary>The operator makes codes for all rooms, and a simulated county comes up, shows its faults, and is gone when it is told to.</summary>
[Collection(nameof(FirstLane))]
public sealed class SimulationStory
{
    private const int Devices = 7;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);
    private static readonly Dictionary<string, string> English = new() { ["LANG"] = "en_GB.UTF-8", ["LC_ALL"] = "en_GB.UTF-8" };

    [Fact]
    public async Task SimulatedCounty_EnrolsOnce_ComesUp_HasItsFaults_AndLeaves()
    {
        await using HubProcess hub = await HubProcess.StartAsync(
            "--Mqtt:Mode=Managed", "--Mqtt:Port=0", "--Mqtt:Listen=127.0.0.1", "--Devices:EnrolmentsPerMinute=1000",
            "--Serilog:MinimumLevel:Override:ThreeClassrooms.Hub.Devices.Link=Debug");
        string codes = Path.Combine(hub.Folder, "codes.csv"), script = Path.Combine(hub.Folder, "faults"), folder = Path.Combine(hub.Folder, "simulated");
        using (ChildProcess list = ChildProcess.Start("dotnet", [Repository.Hub, "claim-code", "--rooms", "free", $"--Hub:DataFolder={hub.Folder}"]))
        {
            await list.ExitAsync(Patience);
            await File.WriteAllLinesAsync(codes, list.Lines.Where(l => l.Contains(',', StringComparison.Ordinal)));
        }

        await File.WriteAllTextAsync(script, "camera 2 1s 1h\nreboots 1 3s 1h\n");
        using (ChildProcess first = Simulate(hub, folder, "--codes", codes, "--faults", script))
        {
            await first.LineAsync(l => l.Contains($"All {Devices} devices are online", StringComparison.Ordinal), Patience);
            await Eventually.IsTrueAsync(() => Count(hub, "CameraMissing camera is an issue") == 2, Patience, () => hub.Process.Tail());
            await Eventually.IsTrueAsync(() => Count(hub, "online: False, reason lost") == 1, Patience, () => hub.Process.Tail()); // the power cut
            await EndAsync(first);
        }

        List<string> enrolled = await IdsAsync(hub);
        Assert.Equal(Devices, enrolled.Count);
        int births = Count(hub, "online: True");
        using ChildProcess second = Simulate(hub, folder, "--faults", "none");
        await second.LineAsync(l => l.Contains($"All {Devices} devices are online", StringComparison.Ordinal), Patience);
        await Eventually.IsTrueAsync(() => Count(hub, "online: True") == births + Devices, Patience, () => hub.Process.Tail());
        await EndAsync(second);
        Assert.DoesNotContain(second.Lines, l => l.StartsWith("Enrol", StringComparison.Ordinal));
        Assert.Equal(enrolled, await IdsAsync(hub));
        await Eventually.IsTrueAsync(() => Count(hub, "online: False, reason shutdown") >= 2 * Devices - 1, Patience, () => hub.Process.Tail()); // one may have been without power
        Assert.Empty(hub.Errors);
    }

    [Theory]
    [InlineData("Give the hub's address with --hub", "--count", "3")]
    [InlineData("are not enrolled yet", "--hub", "http://127.0.0.1:9")]
    [InlineData("Line 2 of the script", "--hub", "http://127.0.0.1:9", "--faults", "FILE")]
    [InlineData("1 … 10000", "--hub", "http://127.0.0.1:9", "--count", "0")]
    [InlineData("cannot be read", "--hub", "http://127.0.0.1:9", "--codes", "/nowhere.csv")]
    [InlineData("Line 2 of the list", "--hub", "http://127.0.0.1:9", "--codes", "FILE")]
    [InlineData("cannot be reached", "--hub", "http://127.0.0.1:9", "--count", "1", "--codes", "CODES")]
    public async Task WhatIsWrong_IsSaidInOneSentence(string said, params string[] arguments)
    {
        string folder = Repository.NewFolder("simulated"), file = Path.Combine(folder, "file"), codes = Path.Combine(folder, "codes");
        await File.WriteAllTextAsync(file, "hot 1 1m 5m\nnothing\n");
        await File.WriteAllTextAsync(codes, "BCDF-GHJK\n");
        using ChildProcess agent = ChildProcess.Start(
            "dotnet", [Repository.Agent, "simulate", "--folder", Path.Combine(folder, "devices"), .. arguments.Select(a => a == "FILE" ? file : a == "CODES" ? codes : a)], environment: English);
        await agent.ExitAsync(Patience);
        Assert.InRange(agent.ExitCode, 1, 3);
        Assert.Contains(agent.Lines, l => l.Contains(said, StringComparison.Ordinal));
        Assert.DoesNotContain(agent.Lines, l => l.Contains("Exception", StringComparison.Ordinal));
        Directory.Delete(folder, recursive: true);
    }

    private static ChildProcess Simulate(HubProcess hub, string folder, params string[] more) => ChildProcess.Start(
        "dotnet", [Repository.Agent, "simulate", "--hub", hub.Address.ToString(), "--count", $"{Devices}", "--folder", folder, .. more], environment: English);

    private static async Task EndAsync(ChildProcess simulation)
    {
        using Process terminate = Process.Start("kill", ["-TERM", simulation.Id.ToString(CultureInfo.InvariantCulture)]);
        await simulation.ExitAsync(Patience);
        Assert.Equal(0, simulation.ExitCode);
        Assert.Contains(simulation.Lines, l => l.Contains($"{Devices} were online", StringComparison.Ordinal));
    }

    private static async Task<List<string>> IdsAsync(HubProcess hub)
    {
        await using HubDbContext db = new CountyDesk(hub).Open();
        return await db.Set<Device>().Where(d => d.DisabledAt == null).OrderBy(d => d.Id).Select(d => d.Id).ToListAsync();
    }

    private static int Count(HubProcess hub, string words) => hub.Process.Lines.Count(l => l.Contains(words, StringComparison.Ordinal));
}
