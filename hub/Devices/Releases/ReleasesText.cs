namespace ThreeClassrooms.Hub.Devices.Releases;

/// <summary>Resource set of releases and updates of the agent.</summary>
internal sealed class ReleasesText;
