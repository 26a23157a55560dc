using System.Globalization;

namespace ThreeClassrooms.Hub.Devices.Health;

/// <summary>Hysteresis of one kind.</summary>
/// <param name="Raise">A condition that lasts so long becomes an issue.</param>
/// <param name="Clear">A condition that is gone for so long ends it.</param>
internal sealed record IssueTiming(TimeSpan Raise, TimeSpan Clear)
{
    /// <summary>By kind, from the options.</summary>
    public static Func<IssueKind, IssueTiming> From(HealthOptions options)
    {
        var set = options.Timing.Select(Read).Where(t => t is not null).ToDictionary(t => t!.Value.Kind, t => t!.Value.Timing);
        return kind => set.TryGetValue(kind, out IssueTiming? given) ? given : Default(kind);
    }

    /// <returns>Null: not <c>Kind=raise/clear</c>.</returns>
    public static (IssueKind Kind, IssueTiming Timing)? Read(string text) =>
        text.Split('=', '/') is [var name, var raise, var clear]
        && Enum.TryParse(name, out IssueKind kind) && Enum.IsDefined(kind)
        && TimeSpan.TryParse(raise, CultureInfo.InvariantCulture, out TimeSpan raiseAfter) && raiseAfter >= TimeSpan.Zero
        && TimeSpan.TryParse(clear, CultureInfo.InvariantCulture, out TimeSpan clearAfter) && clearAfter >= TimeSpan.Zero
            ? (kind, new IssueTiming(raiseAfter, clearAfter))
            : null;

    public static IssueTiming Default(IssueKind kind) => kind switch
    {
        // It was already waited for the device to come back; silence was already counted.
        IssueKind.Offline or IssueKind.NoHeartbeat or IssueKind.NotInLesson => new(TimeSpan.Zero, TimeSpan.Zero),

        // Somebody stands there and plugs it in: the screen in the office should say so soon.
        IssueKind.CameraMissing or IssueKind.MicrophoneMissing or IssueKind.LoudspeakerMissing or IssueKind.DisplayMissing or IssueKind.CaptureCardMissing
            => new(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30)),
        IssueKind.IdentityClash or IssueKind.RebootLoop => new(TimeSpan.Zero, TimeSpan.FromMinutes(30)),
        IssueKind.DiskNearlyFull or IssueKind.DiskFailing or IssueKind.OutboxDamaged or IssueKind.VersionBehind => new(TimeSpan.Zero, TimeSpan.FromMinutes(10)),
        IssueKind.PasswordOld or IssueKind.RoomCalls => new(TimeSpan.Zero, TimeSpan.Zero),
        _ => new(TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(3)),
    };
}
