using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ThreeClassrooms.Hub.Devices.Alerts;

/// <summary>What somebody took upon himself about an alert. Written by pages only.</summary>
internal sealed class AlertCare
{
    public Guid AlertId { get; set; }

    public DateTimeOffset? AcknowledgedAt { get; set; }

    /// <summary>As shown, e.g. 王秀兰.</summary>
    public string? AcknowledgedBy { get; set; }

    public Guid? AssigneeId { get; set; }

    public string? Assignee { get; set; }
}

/// <summary>One line of an alert's diary. Append-only (the database refuses changes).</summary>
internal sealed class AlertEvent
{
    public long Id { get; set; }

    public Guid AlertId { get; set; }

    public DateTimeOffset At { get; set; }

    public AlertEventKind Kind { get; set; }

    public AlertSeverity Severity { get; set; }

    /// <summary>Of <see cref="AlertEventKind.Told"/>.</summary>
    public NoticeKind? Notice { get; set; }

    public Guid? AccountId { get; set; }

    /// <summary>Who did it, as shown; null: the hub itself.</summary>
    public string? By { get; set; }

    /// <summary>A note, the assignee's name, the reason for silence.</summary>
    public string? Text { get; set; }
}

internal sealed class AlertMapping
    : IEntityTypeConfiguration<Alert>, IEntityTypeConfiguration<AlertGroup>, IEntityTypeConfiguration<FlapTrack>, IEntityTypeConfiguration<AlertCare>,
        IEntityTypeConfiguration<AlertEvent>, IEntityTypeConfiguration<AlertSilence>, IEntityTypeConfiguration<AlertRule>
{
    private const int Name = 80;
    private const int Print = 16;

    public void Configure(EntityTypeBuilder<Alert> alert)
    {
        alert.ToTable("Alerts", t => t.HasCheckConstraint("CK_Alerts_Order", "\"EndsAt\" IS NULL OR \"EndsAt\" >= \"StartsAt\""));
        alert.Property(a => a.Id).ValueGeneratedNever();
        alert.Property(a => a.Fingerprint).HasMaxLength(Print);
        alert.Property(a => a.DeviceId).HasMaxLength(40);
        alert.Property(a => a.Part).HasMaxLength(120);
        alert.Property(a => a.Town).HasMaxLength(Name);
        alert.Property(a => a.School).HasMaxLength(Name);
        alert.Property(a => a.Room).HasMaxLength(Name);
        alert.HasIndex(a => a.Fingerprint).IsUnique().HasFilter("\"EndsAt\" IS NULL");
        alert.HasIndex(a => a.EndsAt);
        alert.HasIndex(a => new { a.SchoolId, a.StartsAt });
        alert.HasIndex(a => a.DeviceId);
    }

    public void Configure(EntityTypeBuilder<AlertGroup> group)
    {
        group.ToTable("AlertGroups");
        group.HasKey(g => g.Key);
        group.Property(g => g.Key).HasMaxLength(64);
    }

    public void Configure(EntityTypeBuilder<FlapTrack> track)
    {
        track.ToTable("AlertTracks");
        track.HasKey(t => t.Fingerprint);
        track.Property(t => t.Fingerprint).HasMaxLength(Print);
        track.Property(t => t.Changes).HasConversion<long>();
    }

    public void Configure(EntityTypeBuilder<AlertCare> care)
    {
        care.ToTable("AlertCare");
        care.HasKey(c => c.AlertId);
        care.Property(c => c.AcknowledgedBy).HasMaxLength(Name);
        care.Property(c => c.Assignee).HasMaxLength(Name);
        care.HasOne<Alert>().WithOne().HasForeignKey<AlertCare>(c => c.AlertId).OnDelete(DeleteBehavior.Cascade);
        care.HasIndex(c => c.AssigneeId);
    }

    public void Configure(EntityTypeBuilder<AlertEvent> happening)
    {
        happening.ToTable("AlertEvents");
        happening.Property(e => e.By).HasMaxLength(Name);
        happening.Property(e => e.Text).HasMaxLength(500);
        happening.HasOne<Alert>().WithMany().HasForeignKey(e => e.AlertId).OnDelete(DeleteBehavior.Restrict);
        happening.HasIndex(e => new { e.AlertId, e.At });
    }

    public void Configure(EntityTypeBuilder<AlertSilence> silence)
    {
        silence.ToTable("AlertSilences", t =>
        {
            t.HasCheckConstraint("CK_AlertSilences_Order", "\"Until\" > \"From\"");
            t.HasCheckConstraint("CK_AlertSilences_Scope", "\"SchoolId\" IS NOT NULL OR \"Kind\" IS NOT NULL");
        });
        silence.Property(s => s.Id).ValueGeneratedNever();
        silence.Property(s => s.DeviceId).HasMaxLength(40);
        silence.Property(s => s.Reason).HasMaxLength(200);
        silence.Property(s => s.Author).HasMaxLength(Name);
        silence.Property(s => s.LiftedBy).HasMaxLength(Name);
        silence.HasIndex(s => s.Until);
    }

    public void Configure(EntityTypeBuilder<AlertRule> rule)
    {
        rule.ToTable("AlertRules", t => t.HasCheckConstraint("CK_AlertRules_Duration", "\"MinimumDuration\" IS NULL OR \"MinimumDuration\" >= 0"));
        rule.HasKey(r => r.Kind);
        rule.Property(r => r.Channels).HasMaxLength(1000);
    }
}
