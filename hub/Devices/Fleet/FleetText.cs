namespace ThreeClassrooms.Hub.Devices.Fleet;

/// <summary>Resource set of the fleet board, the device page, the enrolment desk and the uptime report.</summary>
internal sealed class FleetText;
