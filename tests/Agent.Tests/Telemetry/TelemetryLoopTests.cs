using Microsoft.Extensions.Logging.Abstractions;
using ThreeClassrooms.Agent.Capture;
using ThreeClassrooms.Agent.Playback;
using ThreeClassrooms.Agent.Telemetry;
using ThreeClassrooms.Agent.Timetable;
using ThreeClassrooms.Agent.Updating;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.TestKit;
using ThreeClassrooms.TestKit.Time;

namespace ThreeClassrooms.Agent.Tests.Telemetry;

public sealed class TelemetryLoopTests : IDisposable
{
    private readonly MachineFolder _folder = MachineFolder.Recorded();
    private readonly ManualTime _time = new();
    private readonly FakeLink _link = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Guid _boot = Guid.NewGuid();

    [Fact]
    public async Task ConnectedDevice_SendsInventory_Configuration_AndMinutes()
    {
        (_, Task running) = Start();
        _link.Connect();
        await Until.TrueAsync(() => _link.Of<HardwareReport>().Any() && _link.Of<ReportedConfiguration>().Any());
        _time.Advance(TimeSpan.FromSeconds(11));
        await Until.TrueAsync(() => _link.Of<MetricsReport>().Any());
        _folder.With("proc/stat", "cpu  2823536 78232 447857 2443870 8878 0 37963 10570 0 0\n");
        _time.Advance(TimeSpan.FromSeconds(67));
        await Until.TrueAsync(() => _link.Of<MetricsReport>().Count() == 2);

        HardwareReport hardware = _link.Of<HardwareReport>().First();
        MetricsReport[] minutes = [.. _link.Of<MetricsReport>()];
        Assert.Equal(("LENOVO M70q", "Intel(R) N100", _boot), (hardware.Model, hardware.Processor, hardware.Boot));
        Assert.Equal((25.0, 25.0, 51.0, 3600500L), (minutes[1].ProcessorPercent, minutes[1].MemoryPercent, minutes[1].TemperatureCelsius, minutes[1].MonoMs));
        Assert.True(minutes[1].RoundTripMs is > 0 and <= 25);
        Assert.True(minutes[0].Sequence > hardware.Sequence && minutes[1].Sequence > minutes[0].Sequence);
        await StopAsync(running);
    }

    [Fact]
    public async Task PulledCamera_IsToldAtOnce_AndItsReturnToo()
    {
        (_, Task running) = Start();
        _link.Connect();
        await Until.TrueAsync(() => _link.Of<HardwareReport>().Any());
        _folder.Remove("sys/class/video4linux");
        _time.Advance(TimeSpan.FromSeconds(6));
        await Until.TrueAsync(() => _link.Of<FaultEvent>().Any(e => e is { Fault: FaultKind.CameraMissing, PartId: "camera", Raised: true }));
        await Until.TrueAsync(() => _link.Of<HardwareReport>().Last().Parts.Any(p => p is { Id: "camera", Status: PartStatus.Missing }));

        _folder.With("sys/class/video4linux/video0/name", "Logitech BRIO\n");
        _time.Advance(TimeSpan.FromSeconds(6));
        await Until.TrueAsync(() => _link.Of<FaultEvent>().Any(e => e is { Fault: FaultKind.CameraMissing, Raised: false }));
        await StopAsync(running);
    }

    [Fact]
    public async Task DesiredConfiguration_IsCarriedOut_Reported_AndKeptOverARestart()
    {
        _folder.Remove("sys/class/video4linux");
        (_, Task running) = Start();
        _link.Connect();
        _link.Want(new DesiredConfiguration(7, [PartKind.Camera], Volume: 50, MetricsSeconds: 20, AgentVersion: "99"));
        await Until.TrueAsync(() => _link.Of<ReportedConfiguration>().Any(c => c.Version == 7));
        await Until.TrueAsync(() => _link.Of<HardwareReport>().Last().Parts.Any(p => p is { Id: "camera", Status: PartStatus.Absent }));
        ReportedConfiguration reported = _link.Of<ReportedConfiguration>().Last();
        Assert.Equal([PartKind.Camera], reported.AbsentParts);
        Assert.Equal((20, AgentVersion.Current), (reported.MetricsSeconds, reported.AgentVersion));
        Assert.Equal(["volume", "agentVersion"], reported.Refused);
        await StopAsync(running);

        Assert.Equal(7, new TelemetryLoop(Around(new FakeLink())).Configuration.Version);
    }

    [Fact]
    public async Task FaultWhileTheLineIsDown_IsTold_AsHistory_WhenItIsBack()
    {
        (TelemetryLoop loop, Task running) = Start();
        loop.OnFault(FaultKind.RecordingFailed, true);
        await Until.TrueAsync(() => File.Exists(Path.Combine(_folder.Path, "telemetry", "faults.json")));
        _time.Advance(TimeSpan.FromMinutes(5));
        _link.Connect();
        await Until.TrueAsync(() => _link.Of<FaultEvent>().Any(e => e is { Fault: FaultKind.RecordingFailed, PartId: null, Historical: true }));
        await StopAsync(running);
    }

    [Theory]
    [InlineData(9, 60, true)]
    [InlineData(10, 10, false)]
    [InlineData(3601, 60, true)]
    public void IntervalOutsideItsBounds_IsRefused(int wanted, int carried, bool refused)
    {
        ReportedConfiguration reported = DeviceConfiguration.Of(new DesiredConfiguration(1, null!, MetricsSeconds: wanted), 800, "1");
        Assert.Equal((carried, refused), (reported.MetricsSeconds, reported.Refused.Contains("metricsSeconds")));
        Assert.Empty(reported.AbsentParts);
    }

    public void Dispose()
    {
        _stop.Dispose();
        _folder.Dispose();
    }

    private (TelemetryLoop Loop, Task Running) Start()
    {
        var loop = new TelemetryLoop(Around(_link));
        return (loop, loop.RunAsync(_stop.Token));
    }

    private TelemetrySurroundings Around(FakeLink link) => new(
        link, _folder.Machine().Read, () => PartExpectations.Of(new SourceSpec(SourceKind.Devices, "/dev/video0"), new SourceSpec(SourceKind.Devices, "/dev/video0"), PlaybackMode.None, "auto", p => Path.GetFileName(p)),
        () => new Flows(null, null, null), new MetricsWindow(_boot, _time), 800, () => null, new HubClock(_time), _boot, _folder.Path, AgentVersion.Current, _time, NullLogger.Instance);

    private async Task StopAsync(Task running)
    {
        await _stop.CancelAsync();
        await running;
    }
}
