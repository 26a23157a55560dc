using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Hub.Devices.Link;

/// <summary>
/// Hears what devices say. All calls come one after the other from one task, in the order in which each device sent; none may block or throw.
/// The device is an enrolled one, enabled or not; a payload has been read and is within its size. Register with <c>AddSingleton&lt;IFleetListener, …&gt;</c>.
/// </summary>
internal interface IFleetListener
{
    /// <param name="retained">The broker had kept it: it is how things stood, not news.</param>
    void OnState(string deviceId, AgentState state, bool retained)
    {
    }

    void OnHardware(string deviceId, HardwareReport report, bool retained)
    {
    }

    void OnMetrics(string deviceId, MetricsReport report)
    {
    }

    void OnReported(string deviceId, ReportedConfiguration reported, bool retained)
    {
    }

    void OnFault(string deviceId, FaultEvent fault)
    {
    }

    void OnResult(string deviceId, CommandResult result)
    {
    }

    /// <summary>The hub itself has lost its broker (true) or regained it (false): what it believes of devices is old until they are heard again.</summary>
    void OnBlind(bool blind, DateTimeOffset at)
    {
    }
}
