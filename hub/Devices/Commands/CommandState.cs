namespace ThreeClassrooms.Hub.Devices.Commands;

/// <summary>How far a command came. Stored by name: rename nothing.</summary>
internal enum CommandState
{
    /// <summary>Asked for; nobody has it yet: the hub has no broker, or the device was never connected.</summary>
    Queued,

    /// <summary>The broker has it for the device.</summary>
    Sent,

    /// <summary>The device has it and is at it.</summary>
    Acked,
    Done,
    Failed,

    /// <summary>Not heard of in time.</summary>
    Expired,

    /// <summary>Taken back before anybody had it.</summary>
    Cancelled,
}
