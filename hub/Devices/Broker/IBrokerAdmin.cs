using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Hub.Devices.Broker;

/// <summary>Why the broker did not do what it was asked.</summary>
internal enum BrokerRefusal
{
    /// <summary>There is no connection to it as administrator.</summary>
    NotConnected,

    /// <summary>Asked, but no answer in time: it may have been done.</summary>
    NoAnswer,
    AlreadyThere,
    NotThere,
    Other,
}

/// <summary>What is to be done with one user of the broker. Username and client id are the device's id.</summary>
internal abstract record BrokerChange(string DeviceId);

internal sealed record CreateUser(string DeviceId, string Password) : BrokerChange(DeviceId)
{
    public override string ToString() => $"create {DeviceId}";
}

/// <summary>Ends the user's connection.</summary>
internal sealed record SetPassword(string DeviceId, string Password) : BrokerChange(DeviceId)
{
    public override string ToString() => $"password of {DeviceId}";
}

/// <summary>Ends the user's connection, without its will.</summary>
internal sealed record DisableUser(string DeviceId) : BrokerChange(DeviceId);

internal sealed record EnableUser(string DeviceId) : BrokerChange(DeviceId);

/// <summary>Ends the user's connection, without its will.</summary>
internal sealed record DeleteUser(string DeviceId) : BrokerChange(DeviceId);

/// <summary>A user as the broker has it.</summary>
internal sealed record ListedUser(string Username, bool Disabled);

/// <summary>
/// Administers the broker's users; the way to do it differs from broker to broker. Thread-safe. "Done" means done in the running broker: whether it wrote it
/// to its disk it does not tell, which is why the hub's database and not the broker is the truth.
/// </summary>
internal interface IBrokerAdmin
{
    /// <returns>One entry per change, in their order; null: done.</returns>
    Task<IReadOnlyList<BrokerRefusal?>> ApplyAsync(IReadOnlyList<BrokerChange> changes, CancellationToken stop);

    /// <summary>All users there are.</summary>
    Task<Result<List<ListedUser>, BrokerRefusal>> ListAsync(CancellationToken stop);
}
