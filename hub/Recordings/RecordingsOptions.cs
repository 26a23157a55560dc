using System.ComponentModel.DataAnnotations;
using ThreeClassrooms.Hub.Hosting;

namespace ThreeClassrooms.Hub.Recordings;

/// <summary>Section <c>Recordings</c>.</summary>
[Section("Recordings")]
internal sealed record RecordingsOptions
{
    /// <summary>The program that rewrites closed recordings with an index, found in PATH unless a path is given.</summary>
    [Required]
    public string Ffmpeg { get; init; } = "ffmpeg";

    /// <summary>Free space in MiB below which nothing more is recorded; 0 to 1 000 000; default 500.</summary>
    [Range(0, 1_000_000)]
    public int KeepFreeMb { get; init; } = 500;
}
