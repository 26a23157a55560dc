using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ThreeClassrooms.Hub.Accounts;

namespace ThreeClassrooms.Hub.Schools;

/// <summary>A teacher's standing; backbone teachers owe online hours per term (10 city, 5 county).</summary>
internal enum Honour
{
    None,

    /// <summary>县级骨干.</summary>
    CountyBackbone,

    /// <summary>市级骨干.</summary>
    CityBackbone,

    /// <summary>名师.</summary>
    Master,
}

/// <summary>A teacher of a school: lectures, or assists in a receiving classroom. May have an account.</summary>
internal sealed class Teacher
{
    public Guid Id { get; set; }

    public Guid SchoolId { get; set; }

    public School School { get; set; } = null!;

    public string Name { get; set; } = "";

    public Honour Honour { get; set; }

    public Guid? AccountId { get; set; }
}

internal sealed class TeacherMapping : IEntityTypeConfiguration<Teacher>
{
    public void Configure(EntityTypeBuilder<Teacher> teacher)
    {
        teacher.ToTable("Teachers");
        teacher.Property(t => t.Name).HasMaxLength(40);
        teacher.HasOne(t => t.School).WithMany().HasForeignKey(t => t.SchoolId).OnDelete(DeleteBehavior.Restrict);
        teacher.HasOne<Account>().WithMany().HasForeignKey(t => t.AccountId).OnDelete(DeleteBehavior.Restrict);
        teacher.HasIndex(t => t.AccountId).IsUnique();
    }
}
