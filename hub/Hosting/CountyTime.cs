namespace ThreeClassrooms.Hub.Hosting;

/// <summary>The county's days and clock: everything stored is UTC, everything shown is local to the county.</summary>
internal sealed class CountyTime(HubOptions hub, TimeProvider clock)
{
    public TimeZoneInfo Zone { get; } = TimeZoneInfo.FindSystemTimeZoneById(hub.TimeZone);

    public DateOnly Today => DayOf(clock.GetUtcNow());

    public DateTimeOffset ToLocal(DateTimeOffset instant) => TimeZoneInfo.ConvertTime(instant, Zone);

    public DateOnly DayOf(DateTimeOffset instant) => DateOnly.FromDateTime(ToLocal(instant).DateTime);

    /// <summary>The UTC instant of a local time; a time skipped by a clock change becomes the first after it.</summary>
    public DateTimeOffset At(DateOnly day, TimeOnly time)
    {
        DateTime local = day.ToDateTime(time);
        while (Zone.IsInvalidTime(local))
        {
            local = local.AddMinutes(1);
        }

        return new DateTimeOffset(local, Zone.GetUtcOffset(local)).ToUniversalTime();
    }

    /// <summary>The UTC bounds of a local day: first instant inclusive, last exclusive.</summary>
    public (DateTimeOffset From, DateTimeOffset To) BoundsOf(DateOnly day) => (At(day, TimeOnly.MinValue), At(day.AddDays(1), TimeOnly.MinValue));
}
