using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace ThreeClassrooms.Hub.Devices.Broker;

/// <summary>The commands and answers of the dynamic-security plugin (<c>$CONTROL/dynamic-security/v1</c>, Mosquitto 2.0). Pure; foreign bytes never throw.</summary>
internal static class DynsecWire
{
    private static readonly JsonSerializerOptions Compact = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <param name="batch">Comes back in the answer; tells whose it is.</param>
    public static byte[] Write(IEnumerable<BrokerChange> changes, string batch) =>
        Write(changes.Select(change => change switch
        {
            CreateUser create => new Command("createClient", batch, create.DeviceId, create.DeviceId, create.Password),
            SetPassword set => new Command("setClientPassword", batch, set.DeviceId, Password: set.Password),
            DisableUser => new Command("disableClient", batch, change.DeviceId),
            EnableUser => new Command("enableClient", batch, change.DeviceId),
            DeleteUser => new Command("deleteClient", batch, change.DeviceId),
            _ => throw new ArgumentOutOfRangeException(nameof(changes), change, "no such change"),
        }));

    public static byte[] WriteList(int count, int offset, string batch) => Write([new Command("listClients", batch, Verbose: true, Count: count, Offset: offset)]);

    /// <returns>Null when it is not an answer to this batch.</returns>
    public static List<DynsecAnswer>? Read(ReadOnlySpan<byte> payload, string batch)
    {
        try
        {
            if (JsonNode.Parse(payload) is not JsonObject reply || reply["responses"] is not JsonArray responses || responses.Count == 0
                || !responses.All(r => r is JsonObject one && Text(one["correlationData"]) == batch))
            {
                return null;
            }

            return [.. responses.Select(r => new DynsecAnswer(Text(r!["error"]), r["data"] as JsonObject))];
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public static BrokerRefusal? RefusalOf(DynsecAnswer answer) => answer.Error switch
    {
        null => null,
        "Client already exists" => BrokerRefusal.AlreadyThere,
        "Client not found" => BrokerRefusal.NotThere,
        _ => BrokerRefusal.Other,
    };

    /// <returns>The users of one page of a list, and how many there are in all.</returns>
    public static (IReadOnlyList<ListedUser> Users, int Total) ReadList(DynsecAnswer answer)
    {
        var users = new List<ListedUser>();
        foreach (JsonNode? client in answer.Data?["clients"] as JsonArray ?? [])
        {
            if (client is JsonObject one && Text(one["username"]) is { } name)
            {
                users.Add(new ListedUser(name, one["disabled"] is JsonValue value && value.TryGetValue(out bool disabled) && disabled));
            }
        }

        return (users, answer.Data?["totalCount"] is JsonValue total && total.TryGetValue(out int count) ? count : users.Count);
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    private static byte[] Write(IEnumerable<Command> commands) => JsonSerializer.SerializeToUtf8Bytes(new { commands }, Compact);

    private sealed record Command(
        [property: JsonPropertyName("command")] string Name,
        [property: JsonPropertyName("correlationData")] string Batch,
        [property: JsonPropertyName("username")] string? Username = null,
        [property: JsonPropertyName("clientid")] string? ClientId = null,
        [property: JsonPropertyName("password")] string? Password = null,
        [property: JsonPropertyName("verbose")] bool? Verbose = null,
        [property: JsonPropertyName("count")] int? Count = null,
        [property: JsonPropertyName("offset")] int? Offset = null);
}

/// <param name="Error">The plugin's words; null: done.</param>
internal sealed record DynsecAnswer(string? Error, JsonObject? Data);
