namespace ThreeClassrooms.Hub.Devices;

/// <summary>Resource set of the device API and the enrolment command.</summary>
internal sealed class DevicesText;
