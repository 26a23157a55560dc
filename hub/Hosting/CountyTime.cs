namespace ThreeClassrooms.Hub.Hosting;

/// <summary>The county's days and clock: everything stored is UTC, everything shown is local to the county.</summary>
internal sealed class CountyTime(HubOptions hub, TimeProvider clock)
{
    /// <summary>Days that a page may be asked about: no lesson is older or further, and no sum of days leaves the calendar.</summary>
    public static readonly DateOnly First = new(2000, 1, 1), Last = new(2199, 12, 30);

    public static bool Knows(DateOnly day) => day >= First && day <= Last;

    public TimeZoneInfo Zone { get; } = TimeZoneInfo.FindSystemTimeZoneById(hub.TimeZone);

    public DateOnly Today => DayOf(clock.GetUtcNow());

    public DateTimeOffset ToLocal(DateTimeOffset instant) => TimeZoneInfo.ConvertTime(instant, Zone);

    public DateOnly DayOf(DateTimeOffset instant) => DateOnly.FromDateTime(ToLocal(instant).DateTime);

    /// <summary>The UTC instant of a local time; a time skipped by a clock change becomes the first after it, a day beyond those known the last or first of them.</summary>
    public DateTimeOffset At(DateOnly day, TimeOnly time)
    {
        DateTime local = Within(day).ToDateTime(time);
        while (Zone.IsInvalidTime(local))
        {
            local = local.AddMinutes(1);
        }

        return new DateTimeOffset(local, Zone.GetUtcOffset(local)).ToUniversalTime();
    }

    /// <summary>The UTC bounds of a local day: first instant inclusive, last exclusive.</summary>
    public (DateTimeOffset From, DateTimeOffset To) BoundsOf(DateOnly day) => (At(day, TimeOnly.MinValue), At(Within(day).AddDays(1), TimeOnly.MinValue));

    private static DateOnly Within(DateOnly day) => day < First ? First : day > Last ? Last : day;
}
