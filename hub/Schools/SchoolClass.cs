using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ThreeClassrooms.Hub.Schools;

/// <summary>学段. Decides the standard period (40 or 45 minutes by default).</summary>
internal enum Stage
{
    /// <summary>小学.</summary>
    Primary,

    /// <summary>初中.</summary>
    Junior,
}

/// <summary>教学班.</summary>
internal sealed class SchoolClass
{
    public Guid Id { get; set; }

    public Guid SchoolId { get; set; }

    public School School { get; set; } = null!;

    public Stage Stage { get; set; }

    /// <summary>1 to 9, counted through primary and junior.</summary>
    public int Grade { get; set; }

    /// <summary>Unique within the school, e.g. 四年级（2）班.</summary>
    public string Name { get; set; } = "";

    /// <summary>Number of pupils. No pupil's name is kept.</summary>
    public int Pupils { get; set; }
}

internal sealed class SchoolClassMapping : IEntityTypeConfiguration<SchoolClass>
{
    public void Configure(EntityTypeBuilder<SchoolClass> entity)
    {
        entity.ToTable("SchoolClasses");
        entity.Property(c => c.Name).HasMaxLength(80);
        entity.HasOne(c => c.School).WithMany(s => s.Classes).HasForeignKey(c => c.SchoolId).OnDelete(DeleteBehavior.Restrict);
        entity.HasIndex(c => new { c.SchoolId, c.Name }).IsUnique();
    }
}
