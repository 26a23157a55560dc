using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace ThreeClassrooms.Hub.Storage;

/// <summary>Stores an instant as UTC, cut to microseconds, so that it orders, compares and reads back the same on both databases.</summary>
internal sealed class UtcInstantConverter() : ValueConverter<DateTimeOffset, DateTime>(
    instant => ToStored(instant), stored => new DateTimeOffset(DateTime.SpecifyKind(stored, DateTimeKind.Utc)))
{
    private static DateTime ToStored(DateTimeOffset instant)
    {
        DateTime utc = instant.UtcDateTime;
        return utc.AddTicks(-(utc.Ticks % TimeSpan.TicksPerMicrosecond));
    }
}
