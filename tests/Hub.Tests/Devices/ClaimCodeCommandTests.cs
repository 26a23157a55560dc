using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Devices;
using ThreeClassrooms.Hub.Hosting;
using ThreeClassrooms.Hub.Schools;
using ThreeClassrooms.Hub.Storage;
using ThreeClassrooms.Hub.Tests.Hosting;

namespace ThreeClassrooms.Hub.Tests.Devices;

public sealed class ClaimCodeCommandTests(HubHost host) : IClassFixture<HubHost>
{
    private readonly DeviceScene _scene = new(host);

    [Fact]
    public async Task Command_PrintsACodeThatEnrols()
    {
        Guid room = await _scene.RoomAsync();
        (int exit, string output, _) = await RunAsync(room.ToString(), "receiving");
        Assert.Equal(0, exit);
        string code = Regex.Match(output, @"--code ([A-Z]{4}-[A-Z]{4})").Groups[1].Value;
        Assert.Matches(@"\./install\.sh agent --hub http://localhost:\d+ --code", output);
        (await _scene.PostCodeAsync(code)).EnsureSuccessStatusCode();
    }

    [Fact]
    public async Task Program_MakesACodeBesideARunningHub()
    {
        Guid room = await _scene.RoomAsync();
        using var held = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp); // the running hub's media port
        held.Bind(new IPEndPoint(IPAddress.Any, 0));
        string[] args =
        [
            ClaimCodeCommand.Verb, "--classroom", room.ToString(), "--role", "main", "--Hub:DataFolder", host.Folder,
            "--Hub:Port", ((IPEndPoint)held.LocalEndPoint!).Port.ToString(CultureInfo.InvariantCulture), "--Serilog:MinimumLevel", "Error",
        ];
        Assert.Equal(0, typeof(Program).Assembly.EntryPoint!.Invoke(null, [args]));
        Assert.Equal(1, await host.WithAsync<HubDbContext, int>(db => db.Set<EnrolmentCode>().CountAsync(c => c.ClassroomId == room)));
    }

    [Fact]
    public async Task Program_SeedsAnAbsolutePath_IntoTheConfiguredDatabase()
    {
        await _scene.RoomAsync();
        string county = Path.Combine(AppContext.BaseDirectory, "config", "demo-county.json");
        Assert.True(Path.IsPathFullyQualified(county));
        string[] args = ["seed", county, "--Hub:DataFolder", host.Folder, "--Serilog:MinimumLevel", "Error"];
        Assert.Equal(0, typeof(Program).Assembly.EntryPoint!.Invoke(null, [args]));
        Assert.True(await host.WithAsync<HubDbContext, bool>(db => db.Set<School>().AnyAsync(s => s.Name == "青山镇中心小学" || s.Code != null)));
    }

    [Fact]
    public void Program_PrintsHelp_AndMakesNoFolder()
    {
        string folder = Path.Combine(Path.GetTempPath(), "hub-help-" + Guid.NewGuid().ToString("N"));
        Assert.Equal(0, typeof(Program).Assembly.EntryPoint!.Invoke(null, [new[] { ClaimCodeCommand.Verb, "--help", "--Hub:DataFolder", folder }]));
        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public void LineForTheClassroom_HasAddressPortAndPin()
    {
        string folder = Directory.CreateTempSubdirectory("hub-line-").FullName;
        try
        {
            var options = new HubOptions { Https = true, Port = 8543, DataFolder = folder };
            var certificate = new HubCertificate(options, new DataFolder(folder), new HubTroubles(), TimeProvider.System, NullLogger<HubCertificate>.Instance);
            string line = new InstallLine(options, certificate).For("BCDF-GHJK");
            Assert.Matches($@"^\./install\.sh agent --hub https://[^/ ]+:8543 --code BCDF-GHJK --pin {HubPin.Of(certificate.Served!)}$", line);
            Assert.DoesNotContain("localhost", line, StringComparison.Ordinal);
            var named = options with { PublicAddress = "https://hub.county.example:8443/" };
            Assert.StartsWith("./install.sh agent --hub https://hub.county.example:8443 --code", new InstallLine(named, certificate).For("BCDF-GHJK"), StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task RoomNameOfSeveralSchools_NeedsTheSchool()
    {
        Guid room = await _scene.RoomAsync();
        await _scene.RoomAsync();
        string school = await host.WithAsync<HubDbContext, string>(db => db.Set<Classroom>().Where(r => r.Id == room).Select(r => r.School.Name).SingleAsync());
        (int ambiguous, string nothing, string choice) = await RunAsync("三年级教室", "receiving");
        Assert.Equal((ClaimCodeCommand.BadUsage, ""), (ambiguous, nothing));
        Assert.Contains($"{school}/三年级教室", choice, StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync($"{school}/三年级教室", "Main")).Exit);
    }

    [Fact]
    public async Task List_HasACodeThatEnrols_ForEveryRoomWithoutADevice()
    {
        (Guid free, Guid taken) = (await _scene.RoomAsync(), await _scene.RoomAsync());
        await _scene.EnrolAsync(taken);
        string[] all = await ListAsync("all"), missing = await ListAsync("free");
        Assert.Equal(ClaimCodeList.Heading, all[0]);
        (int rooms, int equipped) = await host.WithAsync<HubDbContext, (int, int)>(async db => (
            await db.Set<Classroom>().CountAsync(), await db.Set<Device>().Where(d => d.DisabledAt == null).Select(d => d.ClassroomId).Distinct().CountAsync()));
        Assert.Equal((rooms, rooms - equipped), (all.Length - 1, missing.Length - 1));
        string school = await host.WithAsync<HubDbContext, string>(db => db.Set<Classroom>().Where(r => r.Id == free).Select(r => r.School.Name).SingleAsync());
        string row = Assert.Single(missing, l => l.StartsWith($"{school},", StringComparison.Ordinal));
        (await _scene.PostCodeAsync(row.Split(',')[3])).EnsureSuccessStatusCode();
        Assert.Equal(missing.Length - 1, (await ListAsync("free")).Length);
    }

    [Theory]
    [InlineData(null, "main")]
    [InlineData("三年级教室", null)]
    [InlineData("三年级教室", "both")]
    [InlineData("三年级教室", "1")]
    [InlineData("nowhere", "main")]
    [InlineData(null, null, "some")]
    public async Task OtherArguments_AreExplained(string? room, string? role, string? rooms = null)
    {
        (int exit, string output, string errors) = await RunAsync(room, role, rooms);
        Assert.Equal((ClaimCodeCommand.BadUsage, ""), (exit, output));
        Assert.NotEmpty(errors);
    }

    private async Task<string[]> ListAsync(string which)
    {
        (int exit, string output, _) = await RunAsync(null, null, which);
        Assert.Equal(0, exit);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    private async Task<(int Exit, string Output, string Errors)> RunAsync(string? room, string? role, string? rooms = null)
    {
        var configuration = host.Services.GetRequiredService<IConfiguration>();
        (configuration["classroom"], configuration["role"], configuration["rooms"]) = (room, role, rooms);
        using StringWriter output = new(), errors = new();
        int exit = await ClaimCodeCommand.RunAsync(host.Services, output, errors);
        return (exit, output.ToString(), errors.ToString());
    }
}
