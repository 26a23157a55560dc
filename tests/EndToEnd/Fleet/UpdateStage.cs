using System.Collections.Concurrent;
using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ThreeClassrooms.Agent;
using ThreeClassrooms.Agent.Enrolment;
using ThreeClassrooms.Agent.Telemetry;
using ThreeClassrooms.Agent.Updating;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.EndToEnd.Stage;
using ThreeClassrooms.Mqtt;
using ThreeClassrooms.TestKit.Brokers;

namespace ThreeClassrooms.EndToEnd.Fleet;

/// <summary>
/// One real agent under a stand-in for the service manager, a real broker, and as much of a hub as an update needs: it hands out tokens, an empty timetable and releases,
/// asks for updates and hears what the device says.
/// </summary>
internal sealed class UpdateStage : IAsyncDisposable
{
    private const string Device = "agt-updatestory";

    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, byte[]> _packages = new();
    private readonly ConcurrentQueue<CommandResult> _results = new();
    private readonly BrokerProcess _broker;
    private readonly WebApplication _hub;
    private readonly IMqttLink _link;
    private readonly Task _running;
    private volatile AgentState? _state;
    private volatile ChildProcess? _agent;
    private Task _service = Task.CompletedTask;
    private int _starts;

    private UpdateStage(BrokerProcess broker, WebApplication hub)
    {
        (_broker, _hub) = (broker, hub);
        _link = MqttLinks.Create(
            new MqttLinkSettings("127.0.0.1", broker.Port, null, "hub", "hub", () => "", TimeSpan.FromSeconds(30), false, TimeSpan.FromMinutes(5), () => null, 1000), TimeProvider.System);
        _link.Received += Hear;
        _link.Changed += change =>
        {
            if (change.Up)
            {
                _ = _link.SubscribeAsync([new MqttSubscription(FleetTopics.AllUp, MqttQos.AtLeastOnce)], _stop.Token);
            }
        };
        _running = _link.RunAsync(_stop.Token);
    }

    public string Folder { get; } = Repository.NewFolder("update");

    /// <summary>How often the service manager has started the base.</summary>
    public int Starts => Volatile.Read(ref _starts);

    /// <summary>For the trials of the next starts.</summary>
    public int DeadlineSeconds { get; set; } = 60;

    public int HoldSeconds { get; set; } = 1;

    /// <summary>Ranges that devices asked for.</summary>
    public ConcurrentQueue<string> Ranges { get; } = new();

    /// <summary>Packages are held back after their first half; null: they are not.</summary>
    public TaskCompletionSource? Held { get; set; }

    /// <summary>How the agent's processes ended, in their order.</summary>
    public ConcurrentQueue<int> Ends { get; } = new();

    public ReleaseStore Store => new(Folder);

    public static async Task<UpdateStage> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{Repository.FreePort()}");
        WebApplication hub = builder.Build();
        var stage = new UpdateStage(await BrokerProcess.StartAsync(), hub);
        stage.MapHub();
        await hub.StartAsync();
        new IdentityStore(stage.Folder).Save(new Identity(new Uri(hub.Urls.Single()), Device, "secret", DeviceRole.Receiving, "Room", "School", null, DateTimeOffset.UtcNow));
        new MqttIdentityStore(stage.Folder).TrySave(MqttIdentity.Of(new DeviceMqtt("127.0.0.1", stage._broker.Port, "any", null, false)));
        stage._service = stage.ServeAsync();
        return stage;
    }

    /// <summary>Makes a release of the agent as it is built, or with another program in its place.</summary>
    public void Publish(string version, byte[]? program = null, string? settings = null)
    {
        string built = Path.GetDirectoryName(Repository.Agent)!, native = Path.Combine("runtimes", RuntimeInformation.RuntimeIdentifier.Contains("arm64", StringComparison.Ordinal) ? "linux-arm64" : "linux-x64");
        using var bytes = new MemoryStream();
        using (var zipped = new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
        using (var writer = new TarWriter(zipped, TarEntryFormat.Pax))
        {
            foreach (string file in Directory.EnumerateFiles(built, "*", SearchOption.AllDirectories))
            {
                string name = Path.GetRelativePath(built, file);
                byte[] content = name == ReleaseStore.Program && program is not null ? program
                    : name == "ThreeClassrooms.Agent.runtimeconfig.json" && settings is not null ? Encoding.UTF8.GetBytes(settings)
                    : [];
                bool wanted = !name.StartsWith("runtimes", StringComparison.Ordinal) || name.StartsWith(native, StringComparison.Ordinal);
                if (wanted && (program is null || !name.EndsWith(".deps.json", StringComparison.Ordinal)) && !name.EndsWith(".xml", StringComparison.Ordinal))
                {
                    Write(writer, name, content.Length > 0 ? content : File.ReadAllBytes(file));
                }
            }

            Write(writer, AgentReleases.MarkFile, JsonSerializer.SerializeToUtf8Bytes(new ReleaseMark(version), Wire.Json));
        }

        _packages[version] = bytes.ToArray();
    }

    /// <summary>Asks the device for a version.</summary>
    /// <returns>The command's id.</returns>
    public async Task<Guid> AskAsync(string version)
    {
        var command = new AgentCommand(Guid.NewGuid(), CommandKind.Update, DateTimeOffset.UtcNow.AddMinutes(5), Text: version);
        byte[] payload = JsonSerializer.SerializeToUtf8Bytes(command, Wire.Json);
        await Eventually.IsTrueAsync(
            async () => (await _link.PublishAsync(new MqttMessage(FleetTopics.Command(Device), payload, MqttQos.AtLeastOnce), _stop.Token)).Reason == MqttReason.Success,
            TimeSpan.FromSeconds(20), Tell);
        return command.Id;
    }

    /// <returns>How the command ended.</returns>
    public async Task<CommandResult> EndOfAsync(Guid command)
    {
        CommandResult? end = null;
        await Eventually.IsTrueAsync(
            () => (end = _results.FirstOrDefault(r => r.Id == command && r.Outcome != CommandOutcome.Accepted)) is not null, TimeSpan.FromSeconds(60), Tell);
        return end!;
    }

    public Task OnlineAsync(string version, Guid? otherThan = null) => Eventually.IsTrueAsync(
        () => _state is { Online: true } state && state.AgentVersion == version && state.Start != otherThan, TimeSpan.FromSeconds(60), Tell);

    /// <summary>The agent knows its timetable; before, it takes nothing.</summary>
    public Task InformedAsync() => Eventually.IsTrueAsync(
        () => _agent?.Lines.Any(l => l.Contains("Timetable fetched", StringComparison.Ordinal)) == true, TimeSpan.FromSeconds(60), Tell);

    /// <summary>kill −9 of whatever the service manager has started.</summary>
    /// <returns>Of the life that ended.</returns>
    public Guid? Kill()
    {
        Guid? life = _state?.Start;
        _agent?.Kill();
        return life;
    }

    /// <summary>For a failed story: what the device said last.</summary>
    public string Tell() => $"{_state}; {Starts} starts, ends {string.Join(' ', Ends)}; {Store.Load()}\n{string.Join('\n', _results)}\n{_agent?.Tail()}";

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Held?.TrySetResult();
        await _service;
        await _running;
        await _link.DisposeAsync();
        await _hub.DisposeAsync();
        _broker.Dispose();
        _stop.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private static void Write(TarWriter writer, string name, byte[] content) =>
        writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) });

    /// <summary>Restart=always: whatever the agent was and however it ended, the base is started.</summary>
    private async Task ServeAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            using ChildProcess agent = ChildProcess.Start(
                "dotnet", [Repository.Agent, "run", "--data", Folder, "--source", "none", "--playback", "none"],
                environment: new Dictionary<string, string>
                {
                    ["RUNTIME_DIRECTORY"] = Folder,
                    ["THREECLASSROOMS_AGENT__UPDATES"] = "true",
                    ["THREECLASSROOMS_AGENT__UPDATEDEADLINESECONDS"] = DeadlineSeconds.ToString(CultureInfo.InvariantCulture),
                    ["THREECLASSROOMS_AGENT__UPDATEHOLDSECONDS"] = HoldSeconds.ToString(CultureInfo.InvariantCulture),
                });
            Interlocked.Increment(ref _starts);
            _agent = agent;
            while (!agent.HasExited && !_stop.IsCancellationRequested)
            {
                await Task.Delay(50);
            }

            if (agent.HasExited)
            {
                Ends.Enqueue(agent.ExitCode);
            }
        }
    }

    private void Hear(MqttMessage message)
    {
        if (!FleetTopics.TryReadUp(message.Topic, out _, out UpKind kind))
        {
            return;
        }

        if (kind == UpKind.State)
        {
            _state = JsonSerializer.Deserialize<AgentState>(message.Payload.Span, Wire.Json);
        }
        else if (kind == UpKind.Result)
        {
            _results.Enqueue(JsonSerializer.Deserialize<CommandResult>(message.Payload.Span, Wire.Json)!);
        }
    }

    private void MapHub()
    {
        _hub.MapPost(DeviceApi.Token, () => Json(new DeviceTokenResponse("token", DateTimeOffset.UtcNow.AddMinutes(10), DateTimeOffset.UtcNow)));
        _hub.MapGet(DeviceApi.Timetable, () => Json(new DeviceTimetable(
            Device, DeviceRole.Receiving, "Room", "School", "Asia/Shanghai", DateTimeOffset.UtcNow, TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(2), [])));
        _hub.MapGet(AgentReleases.ManifestPath("{version}"), (string version) => _packages.TryGetValue(version, out byte[]? package)
            ? Json(new AgentRelease(version, Convert.ToHexStringLower(SHA256.HashData(package)), package.Length))
            : Results.NotFound());
        _hub.MapGet(AgentReleases.PackagePath("{version}"), PackageAsync);
    }

    private async Task<IResult> PackageAsync(string version, HttpRequest request)
    {
        byte[] package = _packages[version];
        if (request.Headers.Range.ToString() is { Length: > 0 } range)
        {
            Ranges.Enqueue(range);
        }
        else if (Held is { } held)
        {
            request.HttpContext.Response.ContentLength = package.Length;
            await request.HttpContext.Response.Body.WriteAsync(package.AsMemory(0, package.Length / 2));
            await request.HttpContext.Response.Body.FlushAsync();
            await held.Task;
            request.HttpContext.Abort();
            return Results.Empty;
        }

        return Results.File(package, "application/gzip", enableRangeProcessing: true);
    }

    private static IResult Json<T>(T value) => Results.Json(value, Wire.Json);
}
