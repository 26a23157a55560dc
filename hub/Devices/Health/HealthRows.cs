using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ThreeClassrooms.Hub.Devices.Health;

/// <summary>The newest of what a device reported; outlives a restart of the hub. Written by the health loop only.</summary>
internal sealed class DeviceReport
{
    public string DeviceId { get; set; } = "";

    public Guid? Connection { get; set; }

    public Guid? Boot { get; set; }

    /// <summary>By the device's own clock.</summary>
    public DateTimeOffset ConnectionSince { get; set; }

    public bool Up { get; set; }

    public string? DownReason { get; set; }

    public DateTimeOffset? ConnectedAt { get; set; }

    public DateTimeOffset? DownAt { get; set; }

    public DateTimeOffset? HeardAt { get; set; }

    /// <summary>Connections known to have ended, joined by blanks.</summary>
    public string Ended { get; set; } = "";

    /// <summary>A <see cref="Contracts.HardwareReport"/>; null: none came.</summary>
    public string? Hardware { get; set; }

    /// <summary>A <see cref="Contracts.ReportedConfiguration"/>; null: none came.</summary>
    public string? Reported { get; set; }
}

/// <summary>What staff declared about a device. Written by pages only.</summary>
internal sealed class DeviceCare
{
    public string DeviceId { get; set; } = "";

    /// <summary>Names of <see cref="Contracts.PartKind"/>, joined by commas.</summary>
    public string AbsentParts { get; set; } = "";

    public DateTimeOffset? MaintenanceFrom { get; set; }

    /// <summary>Exclusive.</summary>
    public DateTimeOffset? MaintenanceTo { get; set; }

    public string? MaintenanceReason { get; set; }

    /// <summary>Rises with every change: the desired configuration's version.</summary>
    public long Version { get; set; }
}

/// <summary>An issue that is or was. There is one open row per device, kind and part at most.</summary>
internal sealed class DeviceIssue
{
    public Guid Id { get; set; }

    public string DeviceId { get; set; } = "";

    public IssueKind Kind { get; set; }

    /// <summary>Empty: the device as a whole.</summary>
    public string Part { get; set; } = "";

    /// <summary>At the moment it was raised.</summary>
    public IssueSeverity Severity { get; set; }

    public DateTimeOffset RaisedAt { get; set; }

    /// <summary>Null: it is now.</summary>
    public DateTimeOffset? ClearedAt { get; set; }

    public double? Value { get; set; }

    /// <summary>Told late by the device: it never was a current issue.</summary>
    public bool Historical { get; set; }
}

/// <summary>The readings of one minute; see <see cref="Contracts.MetricsReport"/>.</summary>
internal sealed class DeviceMinute
{
    public string DeviceId { get; set; } = "";

    /// <summary>UTC of the hub, cut to the minute.</summary>
    public DateTimeOffset At { get; set; }

    public float? Processor { get; set; }

    public float? Memory { get; set; }

    public float? Temperature { get; set; }

    /// <summary>Per cent.</summary>
    public float? DiskFree { get; set; }

    public float? ClockOffset { get; set; }

    public float? RoundTrip { get; set; }

    public float? Loss { get; set; }

    public float? Level { get; set; }

    public float? Pictures { get; set; }

    public float? Backlog { get; set; }
}

/// <summary>The same over one hour.</summary>
internal sealed class DeviceHour
{
    public string DeviceId { get; set; } = "";

    /// <summary>UTC of its begin.</summary>
    public DateTimeOffset Hour { get; set; }

    /// <summary>Minutes with a reading, 0 to 60.</summary>
    public int Minutes { get; set; }

    public float? Processor { get; set; }

    public float? Memory { get; set; }

    /// <summary>The highest.</summary>
    public float? Temperature { get; set; }

    /// <summary>The lowest.</summary>
    public float? DiskFree { get; set; }

    public float? RoundTrip { get; set; }

    /// <summary>The highest.</summary>
    public float? RoundTripMax { get; set; }

    public float? Loss { get; set; }
}

/// <summary>A device's seconds of one local day. What the hub did not see is in none of them.</summary>
internal sealed class DeviceDay
{
    public string DeviceId { get; set; } = "";

    public DateOnly Day { get; set; }

    public double Up { get; set; }

    public double Down { get; set; }

    public double Maintenance { get; set; }

    /// <summary>Of <see cref="Up"/>, while a lesson took place in its room.</summary>
    public double LessonUp { get; set; }

    public double LessonDown { get; set; }
}

internal sealed class HealthMapping
    : IEntityTypeConfiguration<DeviceReport>, IEntityTypeConfiguration<DeviceCare>, IEntityTypeConfiguration<DeviceIssue>, IEntityTypeConfiguration<DeviceMinute>,
        IEntityTypeConfiguration<DeviceHour>, IEntityTypeConfiguration<DeviceDay>
{
    private const int IdLength = 40;

    public void Configure(EntityTypeBuilder<DeviceReport> report)
    {
        report.ToTable("DeviceReports");
        report.HasKey(r => r.DeviceId);
        report.Property(r => r.DeviceId).HasMaxLength(IdLength);
        report.Property(r => r.DownReason).HasMaxLength(40);
        report.Property(r => r.Ended).HasMaxLength(400);
        report.HasOne<Device>().WithOne().HasForeignKey<DeviceReport>(r => r.DeviceId).OnDelete(DeleteBehavior.Cascade);
    }

    public void Configure(EntityTypeBuilder<DeviceCare> care)
    {
        care.ToTable("DeviceCare", t => t.HasCheckConstraint("CK_DeviceCare_Maintenance", "\"MaintenanceTo\" > \"MaintenanceFrom\""));
        care.HasKey(c => c.DeviceId);
        care.Property(c => c.DeviceId).HasMaxLength(IdLength);
        care.Property(c => c.AbsentParts).HasMaxLength(200);
        care.Property(c => c.MaintenanceReason).HasMaxLength(200);
        care.Property(c => c.Version).IsConcurrencyToken();
        care.HasOne<Device>().WithOne().HasForeignKey<DeviceCare>(c => c.DeviceId).OnDelete(DeleteBehavior.Cascade);
    }

    public void Configure(EntityTypeBuilder<DeviceIssue> issue)
    {
        issue.ToTable("DeviceIssues", t => t.HasCheckConstraint("CK_DeviceIssues_Order", "\"ClearedAt\" IS NULL OR \"ClearedAt\" >= \"RaisedAt\""));
        issue.Property(i => i.Id).ValueGeneratedNever();
        issue.Property(i => i.DeviceId).HasMaxLength(IdLength);
        issue.Property(i => i.Part).HasMaxLength(120);
        issue.HasOne<Device>().WithMany().HasForeignKey(i => i.DeviceId).OnDelete(DeleteBehavior.Cascade);
        issue.HasIndex(i => new { i.DeviceId, i.RaisedAt });
        issue.HasIndex(i => new { i.DeviceId, i.Kind, i.Part }).IsUnique().HasFilter("\"ClearedAt\" IS NULL");
    }

    public void Configure(EntityTypeBuilder<DeviceMinute> minute)
    {
        minute.ToTable("DeviceMinutes");
        minute.HasKey(m => new { m.DeviceId, m.At });
        minute.Property(m => m.DeviceId).HasMaxLength(IdLength);
        minute.HasIndex(m => m.At);
    }

    public void Configure(EntityTypeBuilder<DeviceHour> hour)
    {
        hour.ToTable("DeviceHours");
        hour.HasKey(h => new { h.DeviceId, h.Hour });
        hour.Property(h => h.DeviceId).HasMaxLength(IdLength);
        hour.HasIndex(h => h.Hour);
    }

    public void Configure(EntityTypeBuilder<DeviceDay> day)
    {
        day.ToTable("DeviceDays", t => t.HasCheckConstraint("CK_DeviceDays_Seconds", "\"Up\" + \"Down\" + \"Maintenance\" <= 90001"));
        day.HasKey(d => new { d.DeviceId, d.Day });
        day.Property(d => d.DeviceId).HasMaxLength(IdLength);
        day.HasIndex(d => d.Day);
    }
}
