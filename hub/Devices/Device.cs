using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Schools;

namespace ThreeClassrooms.Hub.Devices;

/// <summary>An enrolled classroom device. It belongs to a room and has no person's rights.</summary>
internal sealed class Device
{
    /// <summary>Lower case <c>[a-z0-9-]{4,40}</c>.</summary>
    public string Id { get; set; } = "";

    public Guid ClassroomId { get; set; }

    public Classroom Classroom { get; set; } = null!;

    public DeviceRole Role { get; set; }

    /// <summary>SHA-256 of the 256-bit secret, hex. The secret itself is random, so a plain hash is enough.</summary>
    public string SecretHash { get; set; } = "";

    public string MachineName { get; set; } = "";

    public string AgentVersion { get; set; } = "";

    public DateTimeOffset EnrolledAt { get; set; }

    /// <summary>Null until it first asked for a token.</summary>
    public DateTimeOffset? LastSeenAt { get; set; }

    /// <summary>Set when staff took its rights away; its tokens stop working at once.</summary>
    public DateTimeOffset? DisabledAt { get; set; }
}

/// <summary>A single-use code that binds one new device to one room.</summary>
internal sealed class EnrolmentCode
{
    public Guid Id { get; set; }

    /// <summary>The first three of the eight letters: finds the row, so that wrong tries count against it.</summary>
    public string Prefix { get; set; } = "";

    /// <summary>PBKDF2 of the whole code under <see cref="Salt"/>, base64.</summary>
    public string Hash { get; set; } = "";

    public string Salt { get; set; } = "";

    public Guid ClassroomId { get; set; }

    public Classroom Classroom { get; set; } = null!;

    public DeviceRole Role { get; set; }

    public DateTimeOffset IssuedAt { get; set; }

    /// <summary>Exclusive.</summary>
    public DateTimeOffset ExpiresAt { get; set; }

    public DateTimeOffset? UsedAt { get; set; }

    public int WrongTries { get; set; }
}

internal sealed class DeviceMapping : IEntityTypeConfiguration<Device>, IEntityTypeConfiguration<EnrolmentCode>
{
    public void Configure(EntityTypeBuilder<Device> device)
    {
        device.ToTable("Devices");
        device.Property(d => d.Id).HasMaxLength(40);
        device.Property(d => d.SecretHash).HasMaxLength(64);
        device.Property(d => d.MachineName).HasMaxLength(80);
        device.Property(d => d.AgentVersion).HasMaxLength(40);
        device.HasOne(d => d.Classroom).WithMany().HasForeignKey(d => d.ClassroomId).OnDelete(DeleteBehavior.Restrict);
    }

    public void Configure(EntityTypeBuilder<EnrolmentCode> code)
    {
        code.ToTable("EnrolmentCodes");
        code.Property(c => c.Prefix).HasMaxLength(3);
        code.Property(c => c.Hash).HasMaxLength(64);
        code.Property(c => c.Salt).HasMaxLength(32);
        code.HasOne(c => c.Classroom).WithMany().HasForeignKey(c => c.ClassroomId).OnDelete(DeleteBehavior.Restrict);
        code.HasIndex(c => c.Prefix);
    }
}
