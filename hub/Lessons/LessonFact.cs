using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ThreeClassrooms.Hub.Lessons;

/// <summary>What can become true in a lesson's life. Stored by name: rename nothing.</summary>
internal enum LessonFactKind
{
    /// <summary>The room opened for readiness checks.</summary>
    Opened,

    /// <summary>A seat's first connection came.</summary>
    SeatJoined,

    /// <summary>A seat's last connection went.</summary>
    SeatLeft,

    /// <summary>A seat's readiness changed; Text is "ok" or the names of the faulty parts.</summary>
    ReadinessReported,

    /// <summary>A stream arrived at the hub; Text is its stream id, Number 1 with sound.</summary>
    StreamUp,

    /// <summary>A stream left the hub; Text is its stream id.</summary>
    StreamDown,

    /// <summary>Nobody had started by the bell plus the start grace.</summary>
    StartOverdue,

    /// <summary>Live. Text is "lecturer", "device" or "timetable".</summary>
    Started,

    /// <summary>A receiving seat saw the lecturer for the first time; Number is milliseconds after its WHEP answer.</summary>
    FirstPicture,

    /// <summary>The host's flow had been away for longer than the bridge.</summary>
    Interrupted,

    /// <summary>The host's flow is back.</summary>
    Resumed,

    HandRaised,
    HandLowered,
    FloorGranted,

    /// <summary>The floor went back to the lecturer alone.</summary>
    FloorTaken,

    /// <summary>Text is "device" when it was done at the host room's own device, where it is taken back.</summary>
    Muted,

    /// <summary>Text as with <see cref="Muted"/>.</summary>
    Unmuted,

    /// <summary>Number is the minutes added.</summary>
    Extended,

    /// <summary>The lecturer stopped; may be taken back for a short time, then the lesson has ended at this moment.</summary>
    Stopped,

    /// <summary>The stop was taken back: the lesson goes on.</summary>
    StopTakenBack,

    /// <summary>Over. Text is "stopped", "plannedEnd" or "overrun".</summary>
    Ended,

    /// <summary>因故停课; Text is the reason.</summary>
    Cancelled,

    /// <summary>无故停课.</summary>
    Missed,

    /// <summary>The hub came back in the middle of the lesson: nobody is connected yet.</summary>
    HubRestarted,

    /// <summary>Judged; Text is the status, Number the judgement's revision.</summary>
    Judged,
}

/// <summary>
/// One thing that became true in a lesson. The facts of a lesson, in order, are its state (<c>LessonState.Apply</c>) and its timeline.
/// </summary>
/// <param name="ActorId">The account behind it; null for devices and the clock.</param>
internal sealed record LessonFact(
    LessonFactKind Kind, DateTimeOffset At, string? SeatId = null, string? Text = null, int? Number = null, Guid? ActorId = null)
{
    /// <summary>A mute's text when it was given at the host room's own device.</summary>
    public const string AtDevice = "device";
}

/// <summary>A stored <see cref="LessonFact"/>. Append-only (the database refuses changes).</summary>
internal sealed class LessonEvent
{
    public long Id { get; set; }

    public Guid LessonId { get; set; }

    /// <summary>1, 2, 3, … within the lesson.</summary>
    public long Sequence { get; set; }

    public DateTimeOffset At { get; set; }

    public LessonFactKind Kind { get; set; }

    public string? SeatId { get; set; }

    public string? Text { get; set; }

    public int? Number { get; set; }

    public Guid? ActorId { get; set; }

    public LessonFact ToFact() => new(Kind, At, SeatId, Text, Number, ActorId);

    public static LessonEvent Of(Guid lessonId, long sequence, LessonFact fact) => new()
    {
        LessonId = lessonId,
        Sequence = sequence,
        At = fact.At,
        Kind = fact.Kind,
        SeatId = fact.SeatId,
        Text = fact.Text,
        Number = fact.Number,
        ActorId = fact.ActorId,
    };
}

/// <summary>A stored chat line. Not part of the evidence; deleted with the recording's retention.</summary>
internal sealed class ChatEntry
{
    public long Id { get; set; }

    public Guid LessonId { get; set; }

    public string SeatId { get; set; } = "";

    public string Author { get; set; } = "";

    public string Text { get; set; } = "";

    public DateTimeOffset At { get; set; }
}

internal sealed class LessonEventMapping : IEntityTypeConfiguration<LessonEvent>, IEntityTypeConfiguration<ChatEntry>
{
    public void Configure(EntityTypeBuilder<LessonEvent> entity)
    {
        entity.ToTable("LessonEvents");
        entity.Property(e => e.SeatId).HasMaxLength(8);
        entity.Property(e => e.Text).HasMaxLength(500);
        entity.HasIndex(e => new { e.LessonId, e.Sequence }).IsUnique();
    }

    public void Configure(EntityTypeBuilder<ChatEntry> entity)
    {
        entity.ToTable("ChatEntries");
        entity.Property(e => e.SeatId).HasMaxLength(48);
        entity.Property(e => e.Author).HasMaxLength(80);
        entity.Property(e => e.Text).HasMaxLength(500);
        entity.HasIndex(e => new { e.LessonId, e.Id });
    }
}
