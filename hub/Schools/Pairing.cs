using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ThreeClassrooms.Hub.Schools;

/// <summary>结对: a main school takes a receiving school along.</summary>
internal sealed class Pairing
{
    public Guid Id { get; set; }

    public Guid MainSchoolId { get; set; }

    public School MainSchool { get; set; } = null!;

    public Guid ReceivingSchoolId { get; set; }

    public School ReceivingSchool { get; set; } = null!;

    /// <summary>First day, inclusive, in the county's zone.</summary>
    public DateOnly From { get; set; }
}

internal sealed class PairingMapping : IEntityTypeConfiguration<Pairing>
{
    public void Configure(EntityTypeBuilder<Pairing> pairing)
    {
        pairing.ToTable("Pairings");
        pairing.HasOne(p => p.MainSchool).WithMany().HasForeignKey(p => p.MainSchoolId).OnDelete(DeleteBehavior.Restrict);
        pairing.HasOne(p => p.ReceivingSchool).WithMany().HasForeignKey(p => p.ReceivingSchoolId).OnDelete(DeleteBehavior.Restrict);
        pairing.HasIndex(p => new { p.MainSchoolId, p.ReceivingSchoolId }).IsUnique();
    }
}
