using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ThreeClassrooms.Hub.Schools;

/// <summary>What a school does in the three classrooms.</summary>
internal enum SchoolKind
{
    /// <summary>主讲学校.</summary>
    Main,

    /// <summary>接收学校.</summary>
    Receiving,

    /// <summary>教学点: a small point, often without a code of its own.</summary>
    TeachingPoint,
}

/// <summary>A school or teaching point of the county.</summary>
internal sealed class School
{
    public Guid Id { get; set; }

    /// <summary>学校(机构)标识码: 10 digits; null where a teaching point has none.</summary>
    public string? Code { get; set; }

    public string Name { get; set; } = "";

    public SchoolKind Kind { get; set; }

    /// <summary>乡镇.</summary>
    public string Town { get; set; } = "";

    public List<Classroom> Classrooms { get; } = [];

    public List<SchoolClass> Classes { get; } = [];

    public List<BellTable> BellTables { get; } = [];
}

internal sealed class SchoolMapping : IEntityTypeConfiguration<School>
{
    public void Configure(EntityTypeBuilder<School> school)
    {
        school.ToTable("Schools");
        school.Property(s => s.Code).HasMaxLength(10);
        school.Property(s => s.Name).HasMaxLength(80);
        school.Property(s => s.Town).HasMaxLength(80);
        school.HasIndex(s => s.Code).IsUnique();
        school.HasIndex(s => s.Name).IsUnique();
    }
}
