using System.ComponentModel.DataAnnotations;
using ThreeClassrooms.Hub.Hosting;

namespace ThreeClassrooms.Hub.Accounts;

/// <summary>Section <c>Accounts</c>.</summary>
[Section("Accounts")]
internal sealed record AccountsOptions
{
    /// <summary>Wrong passwords in a row until the account is locked for the network that guesses; ten times as many, from anywhere, lock it for all. 3 to 20; default 5.</summary>
    [Range(3, 20)]
    public int TriesBeforeLockOut { get; init; } = 5;

    /// <summary>1 min to 1 day; default 15 min.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan LockOut { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How long a sign-in lasts without being used. 5 min to 7 days; default 8 h.</summary>
    [Range(typeof(TimeSpan), "00:05:00", "7.00:00:00")]
    public TimeSpan SessionLength { get; init; } = TimeSpan.FromHours(8);

    /// <summary>How long a sign-in lasts at most, however much it is used. 1 h to 30 days; default 1 day.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "30.00:00:00")]
    public TimeSpan SessionLimit { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Shortest password. 8 to 64; default 10.</summary>
    [Range(8, 64)]
    public int PasswordLength { get; init; } = 10;

    /// <summary>Wrong passwords per minute and network. 1 to 1000; default 60 (a county may share one address, and right ones do not count).</summary>
    [Range(1, 1000)]
    public int SignInsPerMinute { get; init; } = 60;
}
