namespace ThreeClassrooms.Hub.Devices.Inbox.Handover;

/// <summary>Resource set of the page about what devices handed in.</summary>
internal sealed class HandoverText;
