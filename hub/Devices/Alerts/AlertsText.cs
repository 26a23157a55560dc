namespace ThreeClassrooms.Hub.Devices.Alerts;

/// <summary>Resource set of the alert desk, rules and silences, and of what messages say.</summary>
internal sealed class AlertsText;
