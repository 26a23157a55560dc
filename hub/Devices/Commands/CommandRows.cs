using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Hub.Devices.Commands;

/// <summary>A command that staff asked of a device. Of a kind only one is open at a time on a device (the database refuses a second).</summary>
internal sealed class DeviceCommand
{
    /// <summary>Also the correlation id on the wire.</summary>
    public Guid Id { get; set; }

    public string DeviceId { get; set; } = "";

    public CommandKind Kind { get; set; }

    public int? Value { get; set; }

    /// <summary>Of an update the version; null: none.</summary>
    public string? Text { get; set; }

    /// <summary>Asked of many devices together under this id; null: of one.</summary>
    public Guid? Together { get; set; }

    public Guid AskedById { get; set; }

    /// <summary>Login name.</summary>
    public string AskedBy { get; set; } = "";

    public DateTimeOffset AskedAt { get; set; }

    public DateTimeOffset ExpiresAt { get; set; }

    public DateTimeOffset ResultBy { get; set; }

    public CommandState State { get; set; }

    public DateTimeOffset? SentAt { get; set; }

    public DateTimeOffset? AckedAt { get; set; }

    public DateTimeOffset? FinishedAt { get; set; }

    public string? Reason { get; set; }

    public Guid? BootBefore { get; set; }

    public Guid? AgentBefore { get; set; }

    /// <summary>Parts that the device looked at; null: it told of none.</summary>
    public int? PartsSeen { get; set; }

    /// <summary>JSON of <see cref="PartFinding"/>s: the parts that were not well; null: none.</summary>
    public string? Findings { get; set; }

    /// <summary>Concurrency token: what two change at once is decided anew.</summary>
    public int Version { get; set; }

    public CommandCourse Course
    {
        get => new(
            Kind, AskedAt, ExpiresAt, ResultBy, State, SentAt, AckedAt, FinishedAt, Reason, BootBefore is { } boot ? new DeviceStart(boot, AgentBefore) : null);
        set
        {
            (State, SentAt, AckedAt, FinishedAt, Reason) = (value.State, value.SentAt, value.AckedAt, value.FinishedAt, value.Reason);
            (BootBefore, AgentBefore) = (value.Before?.Boot, value.Before?.Agent);
            Version++;
        }
    }

    /// <summary>A new command that nobody has yet. The kind is one that the hub sends.</summary>
    public static DeviceCommand Of(string deviceId, CommandKind kind, CommandWish wish, Guid askedById, string askedBy, DateTimeOffset now)
    {
        CommandRule rule = CommandRules.Of(kind)!;
        return new DeviceCommand
        {
            Id = Guid.CreateVersion7(),
            DeviceId = deviceId,
            Kind = kind,
            Value = wish.Value,
            Text = wish.Text,
            Together = wish.Together,
            AskedById = askedById,
            AskedBy = askedBy,
            AskedAt = now,
            ExpiresAt = now + rule.Lifetime,
            ResultBy = now + rule.Lifetime + rule.Work,
        };
    }

    public AgentCommand ToWire() => new(
        Id, Kind, ExpiresAt, Value, Text, CommandFileRule.Of(Kind) is null ? null : DeviceApi.CommandFile.Replace("{id:guid}", Id.ToString(), StringComparison.Ordinal));
}

internal sealed class DeviceCommandMapping : IEntityTypeConfiguration<DeviceCommand>
{
    public void Configure(EntityTypeBuilder<DeviceCommand> command)
    {
        command.ToTable("DeviceCommands", t =>
        {
            t.HasCheckConstraint("CK_DeviceCommands_Open", "(\"State\" IN ('Queued', 'Sent', 'Acked')) = (\"FinishedAt\" IS NULL)");
            t.HasCheckConstraint("CK_DeviceCommands_Times", "\"AskedAt\" < \"ExpiresAt\" AND \"ExpiresAt\" < \"ResultBy\"");
        });
        command.Property(c => c.Id).ValueGeneratedNever();
        command.Property(c => c.DeviceId).HasMaxLength(40);
        command.Property(c => c.AskedBy).HasMaxLength(256);
        command.Property(c => c.Text).HasMaxLength(40);
        command.Property(c => c.Reason).HasMaxLength(40);
        command.Property(c => c.Findings).HasMaxLength(4000);
        command.Property(c => c.Version).IsConcurrencyToken();
        command.Ignore(c => c.Course);
        command.HasOne<Device>().WithMany().HasForeignKey(c => c.DeviceId).OnDelete(DeleteBehavior.Cascade);
        command.HasIndex(c => new { c.DeviceId, c.Kind }).IsUnique().HasFilter("\"FinishedAt\" IS NULL");
        command.HasIndex(c => new { c.DeviceId, c.AskedAt });
        command.HasIndex(c => c.Together);
    }
}
