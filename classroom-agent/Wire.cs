using System.Text.Json;
using System.Text.Json.Serialization;

namespace ThreeClassrooms.Agent;

/// <summary>The JSON of the contracts: camelCase names, enums as camelCase words.</summary>
internal static class Wire
{
    public static readonly JsonSerializerOptions Json = Configure(new JsonSerializerOptions(JsonSerializerDefaults.Web));

    public static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase));
        return options;
    }
}
