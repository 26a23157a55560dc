using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ThreeClassrooms.Hub.Recordings;

/// <summary>How far a recorded file is. Stored by name.</summary>
internal enum RecordingState
{
    /// <summary>Growing; plays up to its last second.</summary>
    Writing,

    /// <summary>Complete, not yet indexed: plays, seeking is slow.</summary>
    Closed,

    /// <summary>Rewritten with an index: MP4 or WebM.</summary>
    Indexed,

    /// <summary>Rewriting failed: the file as it was recorded is kept and plays.</summary>
    Failed,
}

/// <summary>
/// One recorded file: a stream of a lesson from one begin to its end. A lesson has several of one stream when the hub was restarted,
/// the codec changed or the floor came back; <see cref="StartedAt"/> puts them on the lesson's timeline.
/// </summary>
internal sealed class Recording
{
    public Guid Id { get; set; }

    public Guid LessonId { get; set; }

    public string StreamId { get; set; } = "";

    /// <summary>Below the recordings folder, with forward slashes.</summary>
    public string FileName { get; set; } = "";

    /// <summary>UTC of the file's time zero.</summary>
    public DateTimeOffset StartedAt { get; set; }

    public long DurationMs { get; set; }

    public long Bytes { get; set; }

    public RecordingState State { get; set; }
}

internal sealed class RecordingMapping : IEntityTypeConfiguration<Recording>
{
    public void Configure(EntityTypeBuilder<Recording> recording)
    {
        recording.ToTable("Recordings");
        recording.Property(r => r.Id).ValueGeneratedNever();
        recording.Property(r => r.StreamId).HasMaxLength(200);
        recording.Property(r => r.FileName).HasMaxLength(300);
        recording.HasIndex(r => new { r.LessonId, r.StartedAt });
        recording.HasIndex(r => r.State);
    }
}
