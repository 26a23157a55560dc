using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Hub.Devices.Commands;

/// <summary>Why a command came to nothing, as stable words. Devices send words too; those not known here are shown as <see cref="Other"/>.</summary>
internal static class CommandReasons
{
    /// <summary>The device was not connected while it could have been carried out.</summary>
    public const string NotReached = "notReached";

    /// <summary>The broker had it, and the device did not take it.</summary>
    public const string NoAnswer = "noAnswer";

    /// <summary>The device began and was not heard of again.</summary>
    public const string NoResult = "noResult";

    /// <summary>It reached the device when it no longer counted.</summary>
    public const string TooLate = "tooLate";
    public const string BrokerRefused = "brokerRefused";
    public const string Unsupported = "unsupported";
    public const string Other = "other";

    /// <summary>All that have words of their own.</summary>
    public static readonly IReadOnlyList<string> Known =
    [
        NotReached, NoAnswer, NoResult, TooLate, BrokerRefused, Unsupported, Other,
        "error", "value", "refused", "inLesson", "noPassword", "atTheDeviceOnly",
        "notAgreed", "noPicture", "noLog", "notHandedIn", "notPermitted", "noRecording",
        UpdateReasons.NotReplaceable, UpdateReasons.NoRelease, UpdateReasons.Download, UpdateReasons.Checksum, UpdateReasons.Signature, UpdateReasons.NoSpace, UpdateReasons.Package,
        UpdateReasons.RolledBack,
    ];

    private const int Longest = 40;

    /// <summary>A device's word, when it is one.</summary>
    public static string? Read(string? detail) => detail is { Length: > 0 and <= Longest } && detail.All(char.IsAsciiLetter) ? detail : null;
}
