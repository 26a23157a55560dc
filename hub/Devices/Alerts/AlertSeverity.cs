namespace ThreeClassrooms.Hub.Devices.Alerts;

/// <summary>How soon somebody must see to an alert. Ordered; stored by name.</summary>
internal enum AlertSeverity
{
    Information,
    Warning,
    Critical,
}
