using System.Globalization;

namespace ThreeClassrooms.Agent.Telemetry.Readings;

/// <summary>Of all processors since the machine started, in ticks (proc(5), <c>/proc/stat</c>).</summary>
internal sealed record ProcessorTimes(ulong Busy, ulong All)
{
    /// <summary>Guest time is counted in user time already: only the first eight columns add up.</summary>
    private const int Columns = 8;

    /// <returns>0 to 100; null when no time has passed.</returns>
    public double? PercentSince(ProcessorTimes before) =>
        All > before.All && Busy >= before.Busy ? Math.Clamp(100.0 * (Busy - before.Busy) / (All - before.All), 0, 100) : null;

    /// <summary>Reads the line <c>cpu  user nice system idle iowait irq softirq steal …</c>.</summary>
    public static ProcessorTimes? Read(MachineFiles files)
    {
        if (files.Lines("proc/stat").FirstOrDefault(l => l.StartsWith("cpu ", StringComparison.Ordinal)) is not { } line)
        {
            return null;
        }

        ulong[] ticks = new ulong[Columns];
        string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        for (int i = 0; i < Columns && i + 1 < words.Length; i++)
        {
            if (!long.TryParse(words[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out long read))
            {
                return null;
            }

            ticks[i] = (ulong)read;
        }

        ulong all = ticks.Aggregate(0UL, (sum, t) => unchecked(sum + t));
        ulong idle = unchecked(ticks[3] + ticks[4]);
        return new ProcessorTimes(unchecked(all - idle), all);
    }
}
