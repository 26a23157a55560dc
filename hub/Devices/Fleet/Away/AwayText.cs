namespace ThreeClassrooms.Hub.Devices.Fleet.Away;

/// <summary>Resource set of the report of devices that have been away for long.</summary>
internal sealed class AwayText;
