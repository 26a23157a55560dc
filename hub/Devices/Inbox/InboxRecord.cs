using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Hub.Devices.Inbox;

/// <summary>What became of a record beyond being kept.</summary>
internal enum InboxOutcome
{
    /// <summary>Kept only: nothing in this hub acts upon its type.</summary>
    Kept,

    /// <summary>It counts.</summary>
    Applied,

    /// <summary>Its payload is not what its type promises, or cannot be true.</summary>
    Implausible,

    /// <summary>About a lesson in which the device's room has no such seat.</summary>
    NotItsSeat,

    /// <summary>The time in which late evidence counts was over.</summary>
    TooLate,
}

/// <summary>A record as a device handed it in. Append-only (the database refuses changes); committed together with its effect.</summary>
internal sealed class InboxRecord
{
    public long Id { get; set; }

    public string DeviceId { get; set; } = "";

    public Guid Epoch { get; set; }

    public string Stream { get; set; } = "";

    public long Sequence { get; set; }

    public Guid EventId { get; set; }

    public string Type { get; set; } = "";

    public int Schema { get; set; }

    /// <summary>By the device's own clock.</summary>
    public DateTimeOffset ClaimedAt { get; set; }

    /// <summary>By the hub's clock, as well as it can be told; see <see cref="RecordTime"/>.</summary>
    public DateTimeOffset CorrectedAt { get; set; }

    /// <summary>How far <see cref="CorrectedAt"/> may be off; null: nobody knows.</summary>
    public long? ErrorMs { get; set; }

    public long MonoMs { get; set; }

    public Guid Boot { get; set; }

    public ClockState Clock { get; set; }

    public string Payload { get; set; } = "";

    public string Previous { get; set; } = "";

    public string Sha256 { get; set; } = "";

    /// <summary>The device sent it late.</summary>
    public bool Historical { get; set; }

    public DateTimeOffset ReceivedAt { get; set; }

    public InboxOutcome Outcome { get; set; }
}

/// <summary>Numbers that a device will never send. Append-only.</summary>
internal sealed class InboxGap
{
    public long Id { get; set; }

    public string DeviceId { get; set; } = "";

    public Guid Epoch { get; set; }

    public string Stream { get; set; } = "";

    /// <summary>Inclusive.</summary>
    public long From { get; set; }

    /// <summary>Inclusive.</summary>
    public long Through { get; set; }

    public DropReason Reason { get; set; }

    public DateTimeOffset ReportedAt { get; set; }
}

/// <summary>Why a record was set aside.</summary>
internal enum ConflictReason
{
    /// <summary>Another record has this number.</summary>
    NumberTaken,

    /// <summary>Another record has this event id.</summary>
    EventIdTaken,

    /// <summary>It does not continue the record before it, or is not continued by the one after it.</summary>
    ChainBroken,
}

/// <summary>A record that contradicts what is kept: never in force, never lost. Append-only.</summary>
internal sealed class InboxConflict
{
    public long Id { get; set; }

    public string DeviceId { get; set; } = "";

    public Guid Epoch { get; set; }

    public string Stream { get; set; } = "";

    public long Sequence { get; set; }

    public string Sha256 { get; set; } = "";

    public ConflictReason Reason { get; set; }

    /// <summary>The whole <see cref="StreamRecord"/> as JSON.</summary>
    public string Record { get; set; } = "";

    public DateTimeOffset ReceivedAt { get; set; }
}

/// <summary>How far a stream has come; follows from records and gaps and is kept so that nobody has to count.</summary>
internal sealed class InboxStream
{
    public string DeviceId { get; set; } = "";

    public Guid Epoch { get; set; }

    public string Stream { get; set; } = "";

    /// <summary>Every number up to this one, inclusive, is kept or declared dropped.</summary>
    public long Through { get; set; }

    /// <summary>The highest number heard of.</summary>
    public long Highest { get; set; }

    public DateTimeOffset HeardAt { get; set; }
}

internal sealed class InboxMapping
    : IEntityTypeConfiguration<InboxRecord>, IEntityTypeConfiguration<InboxGap>, IEntityTypeConfiguration<InboxConflict>, IEntityTypeConfiguration<InboxStream>
{
    private const int IdLength = 40;
    private const int StreamLength = 16;
    private const int HashLength = 64;

    public void Configure(EntityTypeBuilder<InboxRecord> record)
    {
        record.ToTable("InboxRecords", t => t.HasCheckConstraint("CK_InboxRecords_Sequence", "\"Sequence\" > 0"));
        record.Property(r => r.DeviceId).HasMaxLength(IdLength);
        record.Property(r => r.Stream).HasMaxLength(StreamLength);
        record.Property(r => r.Type).HasMaxLength(EvidenceStreams.MaxTypeLength);
        record.Property(r => r.Previous).HasMaxLength(HashLength);
        record.Property(r => r.Sha256).HasMaxLength(HashLength);
        record.HasIndex(r => new { r.DeviceId, r.Epoch, r.Stream, r.Sequence }).IsUnique();
        record.HasIndex(r => r.EventId).IsUnique();
        record.HasIndex(r => new { r.Outcome, r.ReceivedAt });
    }

    public void Configure(EntityTypeBuilder<InboxGap> gap)
    {
        gap.ToTable("InboxGaps", t => t.HasCheckConstraint("CK_InboxGaps_Order", "\"From\" > 0 AND \"Through\" >= \"From\""));
        gap.Property(g => g.DeviceId).HasMaxLength(IdLength);
        gap.Property(g => g.Stream).HasMaxLength(StreamLength);
        gap.HasIndex(g => new { g.DeviceId, g.Epoch, g.Stream, g.From, g.Through }).IsUnique();
    }

    public void Configure(EntityTypeBuilder<InboxConflict> conflict)
    {
        conflict.ToTable("InboxConflicts");
        conflict.Property(c => c.DeviceId).HasMaxLength(IdLength);
        conflict.Property(c => c.Stream).HasMaxLength(StreamLength);
        conflict.Property(c => c.Sha256).HasMaxLength(HashLength);
        conflict.HasIndex(c => new { c.DeviceId, c.Epoch, c.Stream, c.Sequence, c.Sha256 }).IsUnique();
    }

    public void Configure(EntityTypeBuilder<InboxStream> stream)
    {
        stream.ToTable("InboxStreams");
        stream.HasKey(s => new { s.DeviceId, s.Epoch, s.Stream });
        stream.Property(s => s.DeviceId).HasMaxLength(IdLength);
        stream.Property(s => s.Stream).HasMaxLength(StreamLength);
    }
}
