namespace ThreeClassrooms.Hub.Devices.Commands;

/// <summary>Resource set of what is asked of devices.</summary>
internal sealed class CommandsText;
