using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ThreeClassrooms.Hub.Schools;

namespace ThreeClassrooms.Hub.Devices.Commands;

/// <summary>What a device handed in for a command: a picture, its log. The bytes lie in the data folder under the command's id and go with this row.</summary>
internal sealed class CommandFile
{
    public Guid CommandId { get; set; }

    public DateTimeOffset At { get; set; }

    /// <summary>Exclusive: afterwards it is removed.</summary>
    public DateTimeOffset KeepUntil { get; set; }

    public int Bytes { get; set; }
}

/// <summary>A school's head has agreed that stills may be taken in this room outside lessons. No row: it is not agreed.</summary>
internal sealed class PictureAgreement
{
    public Guid ClassroomId { get; set; }

    public DateTimeOffset AgreedAt { get; set; }

    public Guid AgreedById { get; set; }

    /// <summary>Login name.</summary>
    public string AgreedBy { get; set; } = "";
}

internal sealed class CommandFileMapping : IEntityTypeConfiguration<CommandFile>, IEntityTypeConfiguration<PictureAgreement>
{
    public void Configure(EntityTypeBuilder<CommandFile> file)
    {
        file.ToTable("DeviceCommandFiles", t => t.HasCheckConstraint("CK_DeviceCommandFiles_Kept", "\"KeepUntil\" > \"At\" AND \"Bytes\" > 0"));
        file.HasKey(f => f.CommandId);
        file.HasOne<DeviceCommand>().WithOne().HasForeignKey<CommandFile>(f => f.CommandId).OnDelete(DeleteBehavior.Cascade);
        file.HasIndex(f => f.KeepUntil);
    }

    public void Configure(EntityTypeBuilder<PictureAgreement> agreement)
    {
        agreement.ToTable("PictureAgreements");
        agreement.HasKey(a => a.ClassroomId);
        agreement.Property(a => a.AgreedBy).HasMaxLength(256);
        agreement.HasOne<Classroom>().WithOne().HasForeignKey<PictureAgreement>(a => a.ClassroomId).OnDelete(DeleteBehavior.Cascade);
    }
}
