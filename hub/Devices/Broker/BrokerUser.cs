using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ThreeClassrooms.Hub.Devices.Broker;

/// <summary>
/// A device's identity at the broker: username = client id = device id. This table is the truth; what the broker keeps is a copy that can be made anew from it.
/// No password is stored, only what the broker itself needs to check one.
/// </summary>
internal sealed class BrokerUser
{
    public string DeviceId { get; set; } = "";

    public Device Device { get; set; } = null!;

    /// <summary>12 bytes, base64.</summary>
    public string Salt { get; set; } = "";

    /// <summary>PBKDF2-SHA512 of the password, 64 bytes, base64; see <see cref="BrokerPassword"/>.</summary>
    public string Hash { get; set; } = "";

    public DateTimeOffset ChangedAt { get; set; }

    /// <summary>Of a password that was handed out and has not been confirmed; null: none.</summary>
    public string? PendingSalt { get; set; }

    public string? PendingHash { get; set; }
}

internal sealed class BrokerUserMapping : IEntityTypeConfiguration<BrokerUser>
{
    public void Configure(EntityTypeBuilder<BrokerUser> user)
    {
        user.ToTable("BrokerUsers", table => table.HasCheckConstraint("CK_BrokerUsers_Pending", "(\"PendingSalt\" IS NULL) = (\"PendingHash\" IS NULL)"));
        user.HasKey(u => u.DeviceId);
        user.Property(u => u.DeviceId).HasMaxLength(40);
        user.Property(u => u.Salt).HasMaxLength(16);
        user.Property(u => u.Hash).HasMaxLength(88);
        user.Property(u => u.PendingSalt).HasMaxLength(16);
        user.Property(u => u.PendingHash).HasMaxLength(88);
        user.HasOne(u => u.Device).WithOne().HasForeignKey<BrokerUser>(u => u.DeviceId).OnDelete(DeleteBehavior.Restrict);
    }
}
