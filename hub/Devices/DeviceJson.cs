using System.Text.Json;
using System.Text.Json.Serialization;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Devices;

/// <summary>The JSON of the device API: camelCase names, enums as camelCase words; what the contract asks for must be there.</summary>
internal static class DeviceJson
{
    /// <summary>The largest honest body is a few hundred bytes.</summary>
    private const int MaxBytes = 4096;

    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    /// <summary>The same for what devices say: its texts are cleaned as they are read. Not for what is hashed.</summary>
    private static readonly JsonSerializerOptions Reading = new(Options) { Converters = { new CleanedTexts() } };

    /// <returns>Null when the bytes are not the JSON of the type.</returns>
    public static T? TryRead<T>(ReadOnlySpan<byte> json)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json, Reading);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Reads a body of at most <see cref="MaxBytes"/>, whatever its headers promise.</summary>
    public static async Task<Result<T, DeviceRefusal>> ReadAsync<T>(HttpRequest request, CancellationToken cancel)
        where T : class
    {
        if (!request.HasJsonContentType())
        {
            return DeviceRefusal.NotJson;
        }

        byte[] body = new byte[MaxBytes + 1];
        int length = await request.Body.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, cancel);
        if (length > MaxBytes)
        {
            return DeviceRefusal.TooLarge;
        }

        try
        {
            return JsonSerializer.Deserialize<T>(body.AsSpan(0, length), Reading) is { } read ? read : DeviceRefusal.BadRequest;
        }
        catch (JsonException)
        {
            return DeviceRefusal.BadRequest;
        }
    }

    private sealed class CleanedTexts : JsonConverter<string>
    {
        public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String ? StorableText.OfMachine(reader.GetString()!) : throw new JsonException();

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
    }
}
