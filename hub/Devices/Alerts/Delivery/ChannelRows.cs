using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ThreeClassrooms.Hub.Schools;

namespace ThreeClassrooms.Hub.Devices.Alerts.Delivery;

/// <summary>A place that messages go to, as staff set it up. Written by <see cref="ChannelDesk"/> only; never deleted, so that what was sent keeps its place.</summary>
internal sealed class AlertChannel
{
    public Guid Id { get; set; }

    public string Name { get; set; } = "";

    public ChannelKind Kind { get; set; }

    public AlertSeverity MinimumSeverity { get; set; }

    /// <summary>False: only what concerns <see cref="Schools"/>.</summary>
    public bool AllSchools { get; set; } = true;

    public List<AlertChannelSchool> Schools { get; } = [];

    /// <summary>Of the words around what the engine wrote: zh-CN or en.</summary>
    public string Language { get; set; } = "zh-CN";

    /// <summary>Stands in every message; empty: none.</summary>
    public string Keyword { get; set; } = "";

    public bool Enabled { get; set; } = true;

    /// <summary>What may be shown of the address: the host, with mail the recipients.</summary>
    public string Target { get; set; } = "";

    public string? MailHost { get; set; }

    public int? MailPort { get; set; }

    public MailSecurity? MailSecurity { get; set; }

    public string? MailUser { get; set; }

    public string? MailFrom { get; set; }

    /// <summary>Addresses, joined by commas.</summary>
    public string? MailTo { get; set; }

    /// <summary><see cref="ChannelSecrets"/>, encrypted; empty once the channel is removed.</summary>
    public string Secrets { get; set; } = "";

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Null: it is there.</summary>
    public DateTimeOffset? RemovedAt { get; set; }

    /// <summary>Rises with every change.</summary>
    public long Version { get; set; }
}

/// <summary>One of the schools that a channel serves.</summary>
internal sealed class AlertChannelSchool
{
    public Guid ChannelId { get; set; }

    public Guid SchoolId { get; set; }

    public School School { get; set; } = null!;
}

/// <summary>How a channel fares. Written by the delivery loop only.</summary>
internal sealed class AlertChannelHealth
{
    public Guid ChannelId { get; set; }

    /// <summary>See <see cref="TokenBucket"/>; kept so that a restart is no new burst.</summary>
    public double Tokens { get; set; }

    public DateTimeOffset TokensAt { get; set; }

    /// <summary>The service asked for quiet until then.</summary>
    public DateTimeOffset? PausedUntil { get; set; }

    public DateTimeOffset? SentAt { get; set; }

    public DateTimeOffset? FailedAt { get; set; }

    public DeliveryFault? Fault { get; set; }

    public string? Detail { get; set; }

    /// <summary>Tries since the last that arrived.</summary>
    public int FailedInRow { get; set; }
}

/// <summary>Where a message stands. Stored by name.</summary>
internal enum MessageState
{
    Queued,

    /// <summary>Given to the channel; found at a start, it may have arrived or not and is sent again.</summary>
    Sending,

    /// <summary>Failed; tried again at <see cref="AlertMessage.NextTryAt"/>.</summary>
    Retry,
    Sent,

    /// <summary>Laid aside for staff.</summary>
    Dead,

    /// <summary>Staff let it go.</summary>
    Discarded,
}

/// <summary>One message to one channel. Added with the engine's own transaction, then written by the delivery loop; dead ones by <see cref="ChannelDesk"/>.</summary>
internal sealed class AlertMessage
{
    /// <summary>Rises in the order of adding: a channel's messages go out in it.</summary>
    public long Id { get; set; }

    public Guid ChannelId { get; set; }

    public string GroupKey { get; set; } = "";

    public NoticeKind Kind { get; set; }

    public AlertSeverity Severity { get; set; }

    public string Title { get; set; } = "";

    /// <summary>The <see cref="AlertNotice"/> as JSON, cut to what the channel serves.</summary>
    public string Notice { get; set; } = "";

    public MessageState State { get; set; }

    public int Tries { get; set; }

    public DateTimeOffset AddedAt { get; set; }

    public DateTimeOffset? NextTryAt { get; set; }

    public DateTimeOffset? TriedAt { get; set; }

    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>Messages with the same one went out as one.</summary>
    public Guid? Batch { get; set; }

    public DeliveryFault? Fault { get; set; }

    public string? Detail { get; set; }
}

internal sealed class DeliveryMapping
    : IEntityTypeConfiguration<AlertChannel>, IEntityTypeConfiguration<AlertChannelSchool>, IEntityTypeConfiguration<AlertChannelHealth>, IEntityTypeConfiguration<AlertMessage>
{
    public void Configure(EntityTypeBuilder<AlertChannel> channel)
    {
        channel.ToTable("AlertChannels", t => t.HasCheckConstraint("CK_AlertChannels_Removed", "\"RemovedAt\" IS NULL OR (\"Secrets\" = '' AND NOT \"Enabled\")"));
        channel.Property(c => c.Id).ValueGeneratedNever();
        channel.Property(c => c.Name).HasMaxLength(60);
        channel.Property(c => c.Language).HasMaxLength(10);
        channel.Property(c => c.Keyword).HasMaxLength(40);
        channel.Property(c => c.Target).HasMaxLength(300);
        channel.Property(c => c.MailHost).HasMaxLength(253);
        channel.Property(c => c.MailUser).HasMaxLength(254);
        channel.Property(c => c.MailFrom).HasMaxLength(254);
        channel.Property(c => c.MailTo).HasMaxLength(2000);
        channel.Property(c => c.Version).IsConcurrencyToken();
        channel.HasIndex(c => c.Name).IsUnique().HasFilter("\"RemovedAt\" IS NULL");
        channel.HasMany(c => c.Schools).WithOne().HasForeignKey(s => s.ChannelId).OnDelete(DeleteBehavior.Cascade);
    }

    public void Configure(EntityTypeBuilder<AlertChannelSchool> school)
    {
        school.ToTable("AlertChannelSchools");
        school.HasKey(s => new { s.ChannelId, s.SchoolId });
        school.HasOne(s => s.School).WithMany().HasForeignKey(s => s.SchoolId).OnDelete(DeleteBehavior.Cascade);
    }

    public void Configure(EntityTypeBuilder<AlertChannelHealth> health)
    {
        health.ToTable("AlertChannelHealth");
        health.HasKey(h => h.ChannelId);
        health.Property(h => h.Detail).HasMaxLength(DeliveryOutcome.LongestDetail);
        health.HasOne<AlertChannel>().WithOne().HasForeignKey<AlertChannelHealth>(h => h.ChannelId).OnDelete(DeleteBehavior.Cascade);
    }

    public void Configure(EntityTypeBuilder<AlertMessage> message)
    {
        message.ToTable("AlertMessages", t => t.HasCheckConstraint("CK_AlertMessages_Ended", "(\"EndedAt\" IS NULL) = (\"State\" IN ('Queued', 'Sending', 'Retry'))"));
        message.Property(m => m.GroupKey).HasMaxLength(400);
        message.Property(m => m.Title).HasMaxLength(400);
        message.Property(m => m.Detail).HasMaxLength(DeliveryOutcome.LongestDetail);
        message.HasOne<AlertChannel>().WithMany().HasForeignKey(m => m.ChannelId).OnDelete(DeleteBehavior.Restrict);
        message.HasIndex(m => new { m.State, m.ChannelId });
        message.HasIndex(m => m.EndedAt);
    }
}
