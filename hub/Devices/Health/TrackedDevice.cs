using System.Globalization;
using System.Text.Json;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Hub.Devices.Health;

/// <summary>A row of the register: an enrolled device and what is stored about it.</summary>
/// <param name="Stored">False: heard of but not read from the database yet.</param>
/// <param name="Report">What was known before the hub's restart; used once.</param>
/// <param name="Open">Issues that were open then.</param>
/// <param name="PasswordSince">UTC: of its password at the broker; null: it has none.</param>
/// <param name="WantedVersion">What the last rollout that is done wants it to run; null: none does.</param>
internal sealed record DeviceRegistration(
    string DeviceId, Guid ClassroomId, DeviceRole Role, DateTimeOffset EnrolledAt, DateTimeOffset? DisabledAt, IReadOnlySet<PartKind> AbsentParts,
    MaintenanceWindow? Maintenance, bool Stored, DeviceReport? Report, IReadOnlyList<DeviceIssue> Open, DateTimeOffset? PasswordSince = null,
    string? WantedVersion = null)
{
    /// <summary>Takes up what is stored; what cannot be read any more is left out.</summary>
    public DeviceHealth Restore(HealthOptions options, Func<IssueKind, IssueTiming> timing)
    {
        Presence? presence = Report is { } row
            ? Presence.Restore(
                row.Connection, row.Boot, row.ConnectionSince, row.Up, row.DownReason, row.ConnectedAt, row.DownAt, row.HeardAt,
                row.Ended.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(e => Guid.TryParse(e, out Guid id) ? id : Guid.Empty))
            : null;
        var health = new DeviceHealth(options, timing, presence);
        if (Read<HardwareReport>(Report?.Hardware) is { } hardware)
        {
            health.OnHardware(hardware);
        }

        if (Read<ReportedConfiguration>(Report?.Reported) is { } reported)
        {
            health.OnReported(reported);
        }

        foreach (DeviceIssue issue in Open)
        {
            health.Restore(issue.Kind, issue.Part, issue.RaisedAt, issue.Value);
        }

        return health;
    }

    private static T? Read<T>(string? json)
        where T : class
    {
        try
        {
            return json is null ? null : JsonSerializer.Deserialize<T>(json, DeviceJson.Options);
        }
        catch (JsonException)
        {
            return null; // another version's: the device sends it again
        }
    }
}

/// <summary>One device in memory. Only under the lock of <see cref="FleetHealth"/>.</summary>
internal sealed class TrackedDevice(DeviceRegistration registration, DeviceHealth health)
{
    public DeviceRegistration Registration { get; set; } = registration;

    public DeviceHealth Health { get; } = health;

    public RoomTimes Times { get; set; } = RoomTimes.None;

    public DateTimeOffset? MissesSince { get; set; }

    public HealthView? View { get; set; }

    /// <summary>Its report is newer than the stored one.</summary>
    public bool Dirty { get; set; }

    /// <summary>A device that was heard before it was found in the register.</summary>
    public static TrackedDevice Unknown(string deviceId, DateTimeOffset now, HealthOptions options, Func<IssueKind, IssueTiming> timing) => new(
        new DeviceRegistration(deviceId, Guid.Empty, DeviceRole.Receiving, now, null, new HashSet<PartKind>(), null, Stored: false, null, []),
        new DeviceHealth(options, timing));

    public HealthContext ContextAt(Sight sight, DateTimeOffset? contact) => new(
        Registration.EnrolledAt, Registration.DisabledAt, Registration.AbsentParts, Registration.Maintenance, Times, sight, contact, MissesSince, Registration.PasswordSince,
        Registration.WantedVersion);

    public DeviceReport ToReport() => new()
    {
        DeviceId = Registration.DeviceId,
        Connection = Health.Presence.Connection,
        Boot = Health.Presence.Boot,
        ConnectionSince = Health.Presence.ConnectionSince,
        Up = Health.Presence.Up,
        DownReason = Health.Presence.DownReason is { Length: > 40 } long40 ? long40[..40] : Health.Presence.DownReason,
        ConnectedAt = Health.Presence.ConnectedAt,
        DownAt = Health.Presence.DownAt,
        HeardAt = Health.Presence.HeardAt,
        Ended = string.Join(' ', Health.Presence.Ended.Select(e => e.ToString("D", CultureInfo.InvariantCulture))),
        Hardware = Health.Hardware is { } hardware ? JsonSerializer.Serialize(hardware, DeviceJson.Options) : null,
        Reported = Health.Reported is { } reported ? JsonSerializer.Serialize(reported, DeviceJson.Options) : null,
    };
}
