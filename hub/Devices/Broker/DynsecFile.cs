using System.Text.Json;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Hub.Devices.Broker;

/// <summary>A user of the broker as the generated file has it.</summary>
/// <param name="Role">Null: none; a device's rights come from <see cref="BrokerConfiguration.Acl"/>.</param>
internal sealed record DynsecUser(string Username, string ClientId, PasswordHash Password, bool Disabled = false, string? Role = null);

/// <summary>
/// The dynamic-security plugin's file (Mosquitto 2.0), written whole by the hub before every start of the broker. Pure.
/// Every default is "no", which in 2.0 means "ask the acl_file": a shipped default of "yes" would answer first and let one device read another's messages.
/// </summary>
internal static class DynsecFile
{
    public const string HubRole = "hub";

    public const string AdminRole = "admin";

    public const string ControlTopic = "$CONTROL/dynamic-security/v1";

    public const string ResponseTopic = ControlTopic + "/response";

    public static byte[] Write(IEnumerable<DynsecUser> users) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        defaultACLAccess = new { publishClientSend = false, publishClientReceive = false, subscribe = false, unsubscribe = true },
        clients = users.Select(u => new
        {
            username = u.Username,
            clientid = u.ClientId,
            disabled = u.Disabled,
            roles = u.Role is { } role ? new[] { new { rolename = role, priority = 1 } } : [],
            password = u.Password.Hash,
            salt = u.Password.Salt,
            iterations = BrokerPassword.Rounds,
        }),
        groups = Array.Empty<object>(),
        roles = new[] { new { rolename = HubRole, acls = HubRights() }, new { rolename = AdminRole, acls = AdminRights() } },
    });

    private static Right[] HubRights() =>
    [
        new("subscribePattern", FleetTopics.AllUp),
        new("publishClientReceive", FleetTopics.AllUp),
        new("publishClientSend", "tc/v1/agents/+/down/#"),
        new("publishClientSend", FleetTopics.AllUp), // says "offline" for a device that it has put out
        new("publishClientSend", FleetTopics.HubState),
        new("subscribePattern", FleetTopics.HubState),
        new("publishClientReceive", FleetTopics.HubState),
    ];

    private static Right[] AdminRights() =>
    [
        new("publishClientSend", ControlTopic),
        new("subscribePattern", ResponseTopic),
        new("publishClientReceive", ResponseTopic),
    ];

#pragma warning disable IDE1006 // the names are the file's
    private sealed record Right(string acltype, string topic, int priority = 0, bool allow = true);
#pragma warning restore IDE1006
}
