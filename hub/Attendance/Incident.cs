using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ThreeClassrooms.Hub.Attendance;

/// <summary>What kept lessons from being observed. Stored by name: rename nothing.</summary>
internal enum IncidentKind
{
    /// <summary>The hub itself was not there: no lesson could be opened, no picture forwarded, nothing observed.</summary>
    HubOutage,
}

/// <summary>A stretch [<see cref="From"/>, <see cref="To"/>) that is nobody's fault in the classrooms. Append-only (the database refuses changes).</summary>
internal sealed class Incident
{
    public Guid Id { get; set; }

    public IncidentKind Kind { get; set; }

    public DateTimeOffset From { get; set; }

    public DateTimeOffset To { get; set; }

    public DateTimeOffset RecordedAt { get; set; }
}

/// <summary>
/// When the hub last knew that it was running, kept in the database: what lies between it and the next start was an outage. A database put back
/// from its backup tells by it that what was observed since is lost. One row.
/// </summary>
internal sealed class AliveMark
{
    public const int OnlyId = 1;

    public int Id { get; set; } = OnlyId;

    public DateTimeOffset At { get; set; }
}

internal sealed class IncidentMapping : IEntityTypeConfiguration<Incident>, IEntityTypeConfiguration<AliveMark>
{
    public void Configure(EntityTypeBuilder<Incident> incident)
    {
        incident.ToTable("Incidents", t => t.HasCheckConstraint("CK_Incidents_Order", "\"From\" < \"To\""));
        incident.HasIndex(i => i.To);
    }

    public void Configure(EntityTypeBuilder<AliveMark> mark)
    {
        mark.ToTable("AliveMark");
        mark.Property(m => m.Id).ValueGeneratedNever();
    }
}
