using System.Collections.Concurrent;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Devices.Link;

namespace ThreeClassrooms.Hub.Tests.Devices.Link;

/// <summary>A listener that keeps what it hears.</summary>
internal sealed class HeardFleet : IFleetListener
{
    public ConcurrentQueue<string> Calls { get; } = new();

    public ConcurrentQueue<(string Device, AgentState State, bool Retained)> States { get; } = new();

    public ConcurrentQueue<FaultEvent> Faults { get; } = new();

    public ConcurrentQueue<bool> Blind { get; } = new();

    public void OnState(string deviceId, AgentState state, bool retained)
    {
        States.Enqueue((deviceId, state, retained));
        Calls.Enqueue($"state {retained}");
    }

    public void OnHardware(string deviceId, HardwareReport report, bool retained) => Calls.Enqueue($"hardware {report.Parts.Count}");

    public void OnMetrics(string deviceId, MetricsReport report) => Calls.Enqueue($"metrics {report.Sequence}");

    public void OnReported(string deviceId, ReportedConfiguration reported, bool retained) => Calls.Enqueue($"reported {reported.Version}");

    public void OnFault(string deviceId, FaultEvent fault)
    {
        Faults.Enqueue(fault);
        Calls.Enqueue($"fault {fault.Fault}");
    }

    public void OnResult(string deviceId, CommandResult result) => Calls.Enqueue($"result {result.Outcome}");

    public void OnBlind(bool blind, DateTimeOffset at) => Blind.Enqueue(blind);
}
