using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Shell;

namespace ThreeClassrooms.Hub.Devices;

/// <summary>Why a device did not get what it asked for.</summary>
internal enum DeviceRefusal
{
    /// <summary>The body is not the JSON of the contract.</summary>
    BadRequest,

    /// <summary>The body is larger than any honest one.</summary>
    TooLarge,

    /// <summary>The body is not declared as JSON.</summary>
    NotJson,

    /// <summary>No such code; whether one begins like it is not told.</summary>
    BadCode,

    CodeUsed,

    CodeExpired,

    /// <summary>The code was burnt by wrong tries, or a device asks too often.</summary>
    TooManyTries,

    /// <summary>Unknown device, wrong secret, bad or expired token; which of them is not told.</summary>
    BadCredentials,

    /// <summary>No command that is open asks this device for it.</summary>
    NoSuchCommand,

    /// <summary>There is no such release of the agent, or it was withdrawn.</summary>
    NoSuchRelease,

    /// <summary>Right credentials, but staff or a newer device took the rights away.</summary>
    DeviceDisabled,
}

/// <summary>Refusals on the wire: RFC 9457 problem details with <c>code</c> and a sentence that says what to do next. Thread-safe.</summary>
internal sealed class DeviceProblems(Text text)
{
    public IResult Of(DeviceRefusal refusal)
    {
        (int status, string code) = refusal switch
        {
            DeviceRefusal.BadRequest => (StatusCodes.Status400BadRequest, ErrorCodes.BadRequest),
            DeviceRefusal.TooLarge => (StatusCodes.Status413PayloadTooLarge, ErrorCodes.BadRequest),
            DeviceRefusal.NotJson => (StatusCodes.Status415UnsupportedMediaType, ErrorCodes.BadRequest),
            DeviceRefusal.BadCode => (StatusCodes.Status400BadRequest, ErrorCodes.BadCode),
            DeviceRefusal.CodeUsed => (StatusCodes.Status409Conflict, ErrorCodes.CodeUsed),
            DeviceRefusal.CodeExpired => (StatusCodes.Status410Gone, ErrorCodes.CodeExpired),
            DeviceRefusal.TooManyTries => (StatusCodes.Status429TooManyRequests, ErrorCodes.TooManyTries),
            DeviceRefusal.BadCredentials => (StatusCodes.Status401Unauthorized, ErrorCodes.BadCredentials),
            DeviceRefusal.NoSuchCommand => (StatusCodes.Status404NotFound, ErrorCodes.NoSuchCommand),
            DeviceRefusal.NoSuchRelease => (StatusCodes.Status404NotFound, ErrorCodes.NoSuchRelease),
            DeviceRefusal.DeviceDisabled => (StatusCodes.Status403Forbidden, ErrorCodes.DeviceDisabled),
        };
        return Results.Problem(
            detail: text.Word("Device.Refusal", refusal), statusCode: status, extensions: new Dictionary<string, object?> { ["code"] = code });
    }
}
