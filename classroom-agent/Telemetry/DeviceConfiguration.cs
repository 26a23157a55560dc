using System.Globalization;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Telemetry;

/// <summary>Carries out what the hub wants a device to be, as far as it can. Pure.</summary>
internal static class DeviceConfiguration
{
    public const int DefaultMetricsSeconds = 60;

    private static readonly (int Least, int Most) MetricsSeconds = (10, 3600);

    /// <param name="desired">As it was received: anything may stand in it.</param>
    /// <param name="videoKbps">The device's own setting; it is given to the encoder when the agent starts, so no other can be wanted.</param>
    public static ReportedConfiguration Of(DesiredConfiguration desired, int? videoKbps, string agentVersion)
    {
        var refused = new List<string>();
        bool interval = desired.MetricsSeconds is not { } seconds || (seconds >= MetricsSeconds.Least && seconds <= MetricsSeconds.Most);
        Refuse(!interval, nameof(DesiredConfiguration.MetricsSeconds));
        Refuse(desired.Volume is not null, nameof(DesiredConfiguration.Volume));
        Refuse(desired.VideoKbps is { } kbps && kbps != videoKbps, nameof(DesiredConfiguration.VideoKbps));
        Refuse(desired.AgentVersion is { } version && version != agentVersion, nameof(DesiredConfiguration.AgentVersion));
        PartKind[] absent = [.. (desired.AbsentParts ?? []).Where(Enum.IsDefined).Distinct().Order()];
        return new ReportedConfiguration(
            desired.Version, absent, Volume: null, videoKbps, interval ? desired.MetricsSeconds ?? DefaultMetricsSeconds : DefaultMetricsSeconds, agentVersion, refused);

        void Refuse(bool cannot, string name)
        {
            if (cannot)
            {
                refused.Add(char.ToLower(name[0], CultureInfo.InvariantCulture) + name[1..]);
            }
        }
    }
}
