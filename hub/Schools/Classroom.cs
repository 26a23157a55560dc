using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Hub.Schools;

/// <summary>A room that lessons take place in; its devices belong to the room, not to a class.</summary>
internal sealed class Classroom
{
    public Guid Id { get; set; }

    public Guid SchoolId { get; set; }

    public School School { get; set; } = null!;

    /// <summary>Unique within the school, e.g. 录播教室 or 三年级教室.</summary>
    public string Name { get; set; } = "";

    /// <summary>What the room is equipped for.</summary>
    public DeviceRole Equipment { get; set; }
}

internal sealed class ClassroomMapping : IEntityTypeConfiguration<Classroom>
{
    public void Configure(EntityTypeBuilder<Classroom> room)
    {
        room.ToTable("Classrooms");
        room.Property(r => r.Name).HasMaxLength(80);
        room.HasOne(r => r.School).WithMany(s => s.Classrooms).HasForeignKey(r => r.SchoolId).OnDelete(DeleteBehavior.Restrict);
        room.HasIndex(r => new { r.SchoolId, r.Name }).IsUnique();
    }
}
