using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ThreeClassrooms.Hub.Devices.Commands;

namespace ThreeClassrooms.Hub.Devices.Releases;

/// <summary>Which devices were chosen. Stored by name: rename nothing.</summary>
internal enum RolloutScope
{
    County,
    Towns,
    Schools,
    Rooms,
}

/// <summary>A release on its way to devices, stage by stage. Its course is decided by <see cref="RolloutCourse"/>.</summary>
internal sealed class Rollout
{
    public Guid Id { get; set; }

    public string ReleaseVersion { get; set; } = "";

    public RolloutState State { get; set; }

    /// <summary>The stage it is in; 0 is the pilot.</summary>
    public int Stage { get; set; }

    /// <summary>As <see cref="RolloutShares"/> writes it.</summary>
    public string Shares { get; set; } = "";

    /// <summary>How many devices may be at it at the same time.</summary>
    public int AtOnce { get; set; }

    /// <summary>For so long an updated device is watched before the next stage begins.</summary>
    public TimeSpan Watch { get; set; }

    /// <summary>Begin of the hours in which devices are asked, on the county's clock; null: at any hour outside lessons.</summary>
    public TimeOnly? AllowedFrom { get; set; }

    /// <summary>Exclusive; before <see cref="AllowedFrom"/>: on the next day.</summary>
    public TimeOnly? AllowedUntil { get; set; }

    public RolloutScope Scope { get; set; }

    /// <summary>Names of the towns, schools or rooms that were chosen, as far as they fit; empty: the county.</summary>
    public string ScopeNames { get; set; } = "";

    /// <summary>To an earlier version than most devices had.</summary>
    public bool GoesBack { get; set; }

    public DateTimeOffset StartedAt { get; set; }

    public Guid StartedById { get; set; }

    /// <summary>Login name.</summary>
    public string StartedBy { get; set; } = "";

    /// <summary>Why it was stopped; null unless it was.</summary>
    public RolloutStop? StoppedFor { get; set; }

    /// <summary>When it was done or stopped; null while it goes on.</summary>
    public DateTimeOffset? FinishedAt { get; set; }

    /// <summary>Concurrency token: what two change at once is decided anew.</summary>
    public int Revision { get; set; }

    public List<RolloutDevice> Devices { get; } = [];
}

/// <summary>One device of a rollout.</summary>
internal sealed class RolloutDevice
{
    public Guid RolloutId { get; set; }

    public string DeviceId { get; set; } = "";

    public Device Device { get; set; } = null!;

    public int Stage { get; set; }

    /// <summary>Its place among all devices of the rollout.</summary>
    public int Place { get; set; }

    public MemberState State { get; set; }

    /// <summary>Stable word; see <see cref="MemberReasons"/>. Null: nothing to say.</summary>
    public string? Reason { get; set; }

    /// <summary>What it ran when the rollout was started.</summary>
    public string FromVersion { get; set; } = "";

    /// <summary>The command that asks it, or asked it last.</summary>
    public Guid? CommandId { get; set; }

    public DateTimeOffset? AskedAt { get; set; }

    /// <summary>Since then it runs the new version because of this rollout; null: not (or it had it before).</summary>
    public DateTimeOffset? UpdatedAt { get; set; }

    public int Tries { get; set; }

    /// <summary>Its failure was looked at by a person: it does not count any more.</summary>
    public bool Excused { get; set; }

    /// <summary>This rollout decides over the device; at most one does (the database refuses a second).</summary>
    public bool Holds { get; set; }
}

internal sealed class RolloutMapping : IEntityTypeConfiguration<Rollout>, IEntityTypeConfiguration<RolloutDevice>
{
    public void Configure(EntityTypeBuilder<Rollout> rollout)
    {
        rollout.ToTable("Rollouts", t =>
        {
            t.HasCheckConstraint("CK_Rollouts_Finished", "(\"State\" IN ('Stopped', 'Done')) = (\"FinishedAt\" IS NOT NULL)");
            t.HasCheckConstraint("CK_Rollouts_Stopped", "(\"State\" = 'Stopped') = (\"StoppedFor\" IS NOT NULL)");
            t.HasCheckConstraint("CK_Rollouts_Hours", "(\"AllowedFrom\" IS NULL) = (\"AllowedUntil\" IS NULL)");
            t.HasCheckConstraint("CK_Rollouts_AtOnce", "\"AtOnce\" BETWEEN 1 AND 200 AND \"Stage\" >= 0");
        });
        rollout.Property(r => r.Id).ValueGeneratedNever();
        rollout.Property(r => r.ReleaseVersion).HasMaxLength(40);
        rollout.Property(r => r.Shares).HasMaxLength(60);
        rollout.Property(r => r.ScopeNames).HasMaxLength(400);
        rollout.Property(r => r.StartedBy).HasMaxLength(256);
        rollout.Property(r => r.Revision).IsConcurrencyToken();
        rollout.HasOne<StoredRelease>().WithMany().HasForeignKey(r => r.ReleaseVersion).OnDelete(DeleteBehavior.Restrict);
        rollout.HasMany(r => r.Devices).WithOne().HasForeignKey(d => d.RolloutId).OnDelete(DeleteBehavior.Cascade);
        rollout.HasIndex(r => r.StartedAt);
    }

    public void Configure(EntityTypeBuilder<RolloutDevice> device)
    {
        device.ToTable("RolloutDevices", t => t.HasCheckConstraint("CK_RolloutDevices_Asked", "\"State\" <> 'Asked' OR \"CommandId\" IS NOT NULL"));
        device.HasKey(d => new { d.RolloutId, d.DeviceId });
        device.Property(d => d.DeviceId).HasMaxLength(40);
        device.Property(d => d.FromVersion).HasMaxLength(40);
        device.Property(d => d.Reason).HasMaxLength(40);
        device.HasOne(d => d.Device).WithMany().HasForeignKey(d => d.DeviceId).OnDelete(DeleteBehavior.Cascade);
        device.HasOne<DeviceCommand>().WithMany().HasForeignKey(d => d.CommandId).OnDelete(DeleteBehavior.SetNull);
        device.HasIndex(d => d.DeviceId).IsUnique().HasFilter("\"Holds\"").HasDatabaseName("UX_RolloutDevices_Held");
    }
}
