using System.Text;
using System.Text.Json;
using FsCheck.Fluent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using NSubstitute;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Devices;
using ThreeClassrooms.Hub.Devices.Link;
using ThreeClassrooms.Mqtt;
using ThreeClassrooms.TestKit.Time;

namespace ThreeClassrooms.Hub.Tests.Devices.Link;

public sealed class FleetInboxTests
{
    private const string Device = "agt-aaaaaaaaaa";

    private readonly HeardFleet _heard = new();
    private readonly FleetInbox _inbox;
    private readonly FleetDevices _devices = new(Substitute.For<IServiceScopeFactory>());

    public FleetInboxTests()
    {
        var services = new ServiceCollection();
        services.AddSingleton<IFleetListener>(_heard);
        _devices.Add(Device);
        _inbox = new FleetInbox(_devices, services.BuildServiceProvider(), new ManualTime(), NullLogger<FleetInbox>.Instance);
    }

    [Fact]
    public void EachKind_GoesToItsListener()
    {
        var boot = Guid.NewGuid();
        var now = DateTimeOffset.UnixEpoch;
        Send(UpKind.State, State(boot), retain: true);
        Send(UpKind.Metrics, new MetricsReport(boot, 1, now, 5, 10, null, null, null, null, null, null, null, null, null, null, null));
        Send(UpKind.Hardware, new HardwareReport(boot, 1, now, "0.1", "Linux", "PC", "x86", 4, 1, [new(PartKind.Camera, "camera", "BRIO", PartStatus.Ok, null, null)]));
        Send(UpKind.Reported, new ReportedConfiguration(3, [], null, null, 60, "0.1", []));
        Send(UpKind.Event, new FaultEvent(Guid.NewGuid(), boot, now, FaultKind.DiskFailing, "disk", true, null, false));
        Send(UpKind.Result, new CommandResult(Guid.NewGuid(), CommandOutcome.Done, now));

        Assert.Equal(["state True", "metrics 1", "hardware 1", "reported 3", "fault DiskFailing", "result Done"], _heard.Calls);
        Assert.Equal(6, _inbox.Counters.Taken);
    }

    [Theory]
    [InlineData("tc/v1/agents/agt-zzzzzzzzzz/up/state")]
    [InlineData("tc/v1/agents/agt-aaaaaaaaaa/up/nonsense")]
    [InlineData("tc/v1/agents/agt-aaaaaaaaaa/down/cmd")]
    [InlineData("")]
    public void UnknownDeviceOrTopic_IsCountedAndDropped(string topic)
    {
        _inbox.OnMessage(new MqttMessage(topic, JsonSerializer.SerializeToUtf8Bytes(State(Guid.NewGuid()), DeviceJson.Options), MqttQos.AtLeastOnce));
        Assert.Empty(_heard.Calls);
        Assert.Equal(1, _inbox.Counters.Unknown);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("{\"online\":\"perhaps\"}")]
    [InlineData("\u0000")]
    public void MalformedPayload_IsCountedAndDropped(string json)
    {
        Send(UpKind.State, Encoding.UTF8.GetBytes(json));
        Assert.Empty(_heard.Calls);
        Assert.Equal(1, _inbox.Counters.Malformed);
    }

    [Fact]
    public void TooLargePayload_IsCountedAndDropped()
    {
        Send(UpKind.State, new byte[FleetInbox.LargestPayload + 1]);
        Assert.Equal(1, _inbox.Counters.TooLarge);
    }

    [Fact]
    public void ForeignBytes_NeverThrow() => FsCheck.Check.QuickThrowOnFailure(Prop.ForAll<byte[], int>((bytes, kind) =>
    {
        Send(Enum.GetValues<UpKind>()[Math.Abs(kind % 6)], bytes);
        return true;
    }));

    [Fact]
    public void TwoMachinesTakingTurns_AreAnIdentityClash_ARestartIsNone()
    {
        Guid first = Guid.NewGuid(), second = Guid.NewGuid();
        Send(UpKind.State, State(first));
        Send(UpKind.State, State(second)); // started anew
        Assert.DoesNotContain("fault IdentityClash", _heard.Calls);

        Send(UpKind.State, State(first)); // no machine goes back
        Assert.Contains("fault IdentityClash", _heard.Calls);
    }

    [Fact]
    public void TextsAreCleaned_BeforeAnybodyHearsThem()
    {
        Send(UpKind.Event, Encoding.UTF8.GetBytes($$"""
            {"id":"{{Guid.NewGuid()}}","boot":"{{Guid.NewGuid()}}","at":"2026-09-07T01:00:00Z","fault":"diskFailing","partId":"disk\u0000\u001b[2J\u202e:a","raised":true,"value":null,"historical":false}
            """));
        Assert.Equal("disk\ufffd\ufffd[2J\ufffd:a", Assert.Single(_heard.Faults).PartId);
    }

    [Fact]
    public void DeviceThatFloods_IsCutOff_OthersAreHeard()
    {
        for (long message = 1; message <= 5000; message++)
        {
            Send(UpKind.Metrics, new MetricsReport(Guid.Empty, message, DateTimeOffset.UnixEpoch, 5, 10, null, null, null, null, null, null, null, null, null, null, null));
        }

        Assert.InRange(_heard.Calls.Count, 100, 300);
        Assert.Equal(5000 - _heard.Calls.Count, _inbox.Counters.TooMany);
        _devices.Add("agt-bbbbbbbbbb");
        _inbox.OnMessage(new MqttMessage(
            FleetTopics.State("agt-bbbbbbbbbb"), JsonSerializer.SerializeToUtf8Bytes(State(Guid.NewGuid()), DeviceJson.Options), MqttQos.AtLeastOnce));
        Assert.Equal("state False", _heard.Calls.Last());
    }

    [Fact]
    public void InventoryWithHundredsOfParts_IsNone()
    {
        PartReport[] parts = [.. Enumerable.Range(0, 301).Select(i => new PartReport(PartKind.Camera, $"camera{i}", "BRIO", PartStatus.Failed, null, null))];
        Send(UpKind.Hardware, new HardwareReport(Guid.Empty, 1, DateTimeOffset.UnixEpoch, "0.1", "Linux", "PC", "x86", 4, 1, parts));
        Assert.Empty(_heard.Calls);
        Assert.Equal(1, _inbox.Counters.Malformed);
    }

    [Fact]
    public void FaultThatTheBrokerWasMadeToKeep_IsNoNews()
    {
        Send(UpKind.Event, new FaultEvent(Guid.NewGuid(), Guid.Empty, DateTimeOffset.UnixEpoch, FaultKind.DiskFailing, "disk", true, null, false), retain: true);
        Assert.Empty(_heard.Calls);
    }

    private static AgentState State(Guid boot) => new(true, null, boot, Guid.NewGuid(), DateTimeOffset.UnixEpoch, "0.1");

    private void Send<T>(UpKind kind, T report, bool retain = false) => Send(kind, JsonSerializer.SerializeToUtf8Bytes(report, DeviceJson.Options), retain);

    private void Send(UpKind kind, byte[] payload, bool retain = false) =>
        _inbox.OnMessage(new MqttMessage(FleetTopics.Up(Device, kind), payload, MqttQos.AtLeastOnce, retain));
}
