using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Hub.Devices.Inbox;

/// <summary>When something really happened, by the hub's clock. Pure.</summary>
/// <param name="At">UTC.</param>
/// <param name="ErrorMs">How far <paramref name="At"/> may be off; null: nobody knows.</param>
/// <param name="Shift">What is to be added to the times inside the payload.</param>
internal readonly record struct RecordTime(DateTimeOffset At, long? ErrorMs, TimeSpan Shift)
{
    /// <summary>How fast two ordinary quartz clocks part, milliseconds per millisecond.</summary>
    private const double Drift = 50e-6;

    /// <summary>
    /// Of what the device knew when it wrote the record, and of what it knew when it sent it (counted back by its monotonic clock, while the
    /// machine has not been started anew), the better counts. With neither, the wall clocks' difference now is all there is.
    /// </summary>
    public static RecordTime Of(StreamRecord record, StreamBatch batch)
    {
        DateTimeOffset told = record.At + Milliseconds(record.ClockOffsetMs ?? 0);
        (DateTimeOffset At, long? Error) best = (record.At + Milliseconds(batch.ClockOffsetMs ?? 0), null);
        if (record is { ClockOffsetMs: not null, ClockErrorMs: { } error })
        {
            best = (told, error);
        }

        if (record.Boot == batch.Boot && batch is { ClockOffsetMs: { } offset, ClockErrorMs: { } now } && record.MonoMs <= batch.MonoMs)
        {
            double age = (double)batch.MonoMs - record.MonoMs;
            long counted = now + (long)Math.Ceiling(age * Drift);
            if (best.Error is null || counted < best.Error)
            {
                best = (batch.SentAt + Milliseconds(offset) - TimeSpan.FromMilliseconds(age), counted);
            }
        }

        return new RecordTime(best.At, best.Error, best.At - told);
    }

    private static TimeSpan Milliseconds(long value) => TimeSpan.FromMilliseconds(value, 0);
}
