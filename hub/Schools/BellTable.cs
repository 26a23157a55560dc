using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ThreeClassrooms.Hub.Schools;

/// <summary>作息时间表 of a school for one stage.</summary>
internal sealed class BellTable
{
    public Guid Id { get; set; }

    public Guid SchoolId { get; set; }

    public School School { get; set; } = null!;

    public Stage Stage { get; set; }

    public List<Bell> Bells { get; } = [];
}

/// <summary>One period of a bell table, in the county's local time.</summary>
internal sealed class Bell
{
    public Guid Id { get; set; }

    public Guid BellTableId { get; set; }

    /// <summary>第几节: 1 and up.</summary>
    public int Period { get; set; }

    public TimeOnly StartsAt { get; set; }

    /// <summary>Exclusive.</summary>
    public TimeOnly EndsAt { get; set; }
}

internal sealed class BellTableMapping : IEntityTypeConfiguration<BellTable>, IEntityTypeConfiguration<Bell>
{
    public void Configure(EntityTypeBuilder<BellTable> table)
    {
        table.ToTable("BellTables");
        table.HasOne(t => t.School).WithMany(s => s.BellTables).HasForeignKey(t => t.SchoolId).OnDelete(DeleteBehavior.Restrict);
        table.HasMany(t => t.Bells).WithOne().HasForeignKey(b => b.BellTableId).OnDelete(DeleteBehavior.Cascade);
        table.HasIndex(t => new { t.SchoolId, t.Stage }).IsUnique();
    }

    public void Configure(EntityTypeBuilder<Bell> bell)
    {
        bell.ToTable("Bells");
        bell.HasIndex(b => new { b.BellTableId, b.Period }).IsUnique();
    }
}
