using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ThreeClassrooms.Hub.Accounts;

/// <summary>What an audit entry is about. Stored by name: rename nothing.</summary>
internal enum AuditAction
{
    SignedIn,
    SignInFailed,
    LockedOut,
    SignedOut,
    WatchedLesson,
    WatchedRecording,
    GrantedFloor,
    CreatedLesson,
    CancelledLesson,
    IssuedEnrolmentCode,
    EnrolledDevice,
    DisabledDevice,
    EnabledDevice,
    RejudgedLesson,
    SetPassword,
    DeclaredPartsAbsent,
    BeganMaintenance,
    EndedMaintenance,
    RevokedEnrolmentCode,
    SentCommand,
    CancelledCommand,
    AddedAlertChannel,
    ChangedAlertChannel,
    EnabledAlertChannel,
    DisabledAlertChannel,
    RemovedAlertChannel,
    TriedAlertChannel,
    ResentAlertMessages,
    DiscardedAlertMessages,
    AcknowledgedAlert,
    UnacknowledgedAlert,
    AssignedAlert,
    UnassignedAlert,
    NotedAlert,
    SilencedAlerts,
    LiftedSilence,
    SetAlertRule,
    WatchedPicture,
    ReadDeviceLog,
    AgreedToPictures,
    WithdrewPictures,
    ClearedGhosts,
    AddedRelease,
    WithdrewRelease,
    RestoredRelease,
    StartedRollout,
    PausedRollout,
    ResumedRollout,
    AdvancedRollout,
    StoppedRollout,
    RetriedRollout,
    DecidedLesson,
}

/// <summary>One line of the audit trail: who did what to what, when, from where. Append-only (the database refuses changes).</summary>
internal sealed class AuditEntry
{
    public long Id { get; set; }

    public DateTimeOffset At { get; set; }

    public AuditAction Action { get; set; }

    /// <summary>Null for devices, commands of the operator and failed sign-ins of unknown names.</summary>
    public Guid? AccountId { get; set; }

    /// <summary>Login name, "device:…" or "operator".</summary>
    public string Actor { get; set; } = "";

    /// <summary>What it was done to: a lesson id, a device id, a login name.</summary>
    public string Subject { get; set; } = "";

    public string? Detail { get; set; }

    /// <summary>Remote IP address; null inside the hub.</summary>
    public string? Address { get; set; }
}

internal sealed class AuditEntryMapping : IEntityTypeConfiguration<AuditEntry>
{
    public void Configure(EntityTypeBuilder<AuditEntry> entry)
    {
        entry.ToTable("AuditEntries");
        entry.Property(e => e.Actor).HasMaxLength(256);
        entry.Property(e => e.Subject).HasMaxLength(256);
        entry.Property(e => e.Detail).HasMaxLength(1000);
        entry.Property(e => e.Address).HasMaxLength(64);
        entry.HasIndex(e => e.At);
        entry.HasIndex(e => e.Subject);
    }
}
