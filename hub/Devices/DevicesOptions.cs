using System.ComponentModel.DataAnnotations;
using ThreeClassrooms.Hub.Hosting;

namespace ThreeClassrooms.Hub.Devices;

/// <summary>Section <c>Devices</c>.</summary>
[Section("Devices")]
internal sealed record DevicesOptions
{
    /// <summary>How long an enrolment code can be used. 10 min to 7 days; default 24 h.</summary>
    [Range(typeof(TimeSpan), "00:10:00", "7.00:00:00")]
    public TimeSpan CodeLifetime { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Wrong tries of one network against codes that begin alike, per day; four times as many, from several networks, burn a code. 1 to 20; default 5.</summary>
    [Range(1, 20)]
    public int WrongTries { get; init; } = 5;

    /// <summary>Lifetime of a device's bearer token. 1 min to 1 h; default 10 min.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "01:00:00")]
    public TimeSpan TokenLifetime { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How many days of its timetable a device is given. 1 to 60; default 14.</summary>
    [Range(1, 60)]
    public int TimetableDays { get; init; } = 14;

    /// <summary>A device not heard of for so long counts as offline. 10 s to 1 h; default 90 s.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "01:00:00")]
    public TimeSpan OfflineAfter { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>Enrolment attempts per minute and address. 1 to 1000; default 10.</summary>
    [Range(1, 1000)]
    public int EnrolmentsPerMinute { get; init; } = 10;

    /// <summary>Token requests per minute and address. 1 to 10000; default 120 (a school shares one address).</summary>
    [Range(1, 10000)]
    public int TokensPerMinute { get; init; } = 120;

    /// <summary>Batches of evidence per minute and device. 10 to 10000; default 240 (a lesson needs 12, a backlog goes 200 records at a time).</summary>
    [Range(10, 10000)]
    public int BatchesPerMinute { get; init; } = 240;

    /// <summary>Evidence that a device may hand in at once, MiB; 1 to 1024; default 32 (a week of lessons without the hub is about 10).</summary>
    [Range(1, 1024)]
    public int EvidenceBurstMegabytes { get; init; } = 32;

    /// <summary>Evidence per device and day beyond that, MiB; 1 to 10000; default 256 (a day of lessons is about 2).</summary>
    [Range(1, 10_000)]
    public int EvidenceMegabytesPerDay { get; init; } = 256;
}
