using System.Globalization;

namespace ThreeClassrooms.Agent.Simulation;

/// <summary>One line of a script: a fault, how many devices get it, and when.</summary>
/// <param name="Percent">Of all devices, at least one; null: <paramref name="Devices"/> counts.</param>
/// <param name="Soonest">The fault comes between this and <paramref name="Latest"/>, both inclusive, chosen anew for every device.</param>
/// <param name="Every">Null: the fault comes once.</param>
internal sealed record FaultLine(SimulatedFault Fault, double? Percent, int Devices, TimeSpan Soonest, TimeSpan Latest, TimeSpan For, TimeSpan? Every);

/// <summary>
/// What goes wrong in a simulated county, as text: a line each of <c>FAULT SHARE AFTER FOR [EVERY]</c>, as <c>camera 2% 1m..4m 15m 40m</c>. A share is per cent or
/// a number of devices; times are <c>90s</c>, <c>5m</c>, <c>2h</c>, the first may be a range; <c>#</c> begins a remark. Pure.
/// </summary>
internal sealed record FaultScript(IReadOnlyList<FaultLine> Lines)
{
    /// <summary>Within ten minutes most that can go wrong has gone wrong somewhere, and most of the county is well.</summary>
    public const string Demonstration = """
        # fault   share  after     for   every
        camera    1%     20s..3m   15m   40m
        silent    1%     30s..4m   12m   45m
        black     1%     30s..4m   12m   45m
        frozen    0.5%   1m..5m    15m   50m
        loss      0.5%   1m..4m    10m   30m
        screen    1%     1m..5m    10m   40m
        disk      1%     10s..2m   50m   1h
        hot       1%     1m..4m    10m   30m
        clock     1%     20s..2m   25m   50m
        slow      1%     1m..4m    10m   30m
        offline   2%     1m..6m    6m    25m
        offline   2%     20s..2m   8s    3m    # too short to be worth a word
        reboots   0.5%   1m..2m    20m   1h
        badupdate 0.5%   0s        24h         # seen only when somebody updates it
        """;

    public static FaultScript Nothing { get; } = new([]);

    /// <param name="fault">The line that cannot be read; 0: all can.</param>
    public static FaultScript? Read(string text, out int fault)
    {
        List<FaultLine> lines = [];
        int number = 0;
        foreach (string line in text.Split('\n'))
        {
            number++;
            string[] words = line.Split('#')[0].Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0)
            {
                continue;
            }

            if (ReadLine(words) is not { } read)
            {
                fault = number;
                return null;
            }

            lines.Add(read);
        }

        fault = 0;
        return new FaultScript(lines);
    }

    /// <summary>
    /// Deals the faults out: line by line to the next devices of a shuffled county, so that few have two. The same seed and count give the same faults.
    /// </summary>
    /// <returns>One plan per device.</returns>
    public IReadOnlyList<FaultPlan> Deal(int devices, int seed)
    {
        var random = new Random(seed);
        int[] order = [.. Enumerable.Range(0, devices)];
        random.Shuffle(order);
        List<FaultSpan>[] spans = [.. order.Select(_ => new List<FaultSpan>())];
        int next = 0;
        foreach (FaultLine line in Lines)
        {
            int share = line.Percent is { } percent ? Math.Max(1, (int)Math.Round(devices * percent / 100)) : Math.Min(line.Devices, devices);
            for (int i = 0; i < share && devices > 0; i++)
            {
                TimeSpan after = line.Soonest + ((line.Latest - line.Soonest) * random.NextDouble());
                spans[order[next++ % devices]].Add(new FaultSpan(line.Fault, after, line.For, line.Every));
            }
        }

        return [.. spans.Select(s => s.Count == 0 ? FaultPlan.Nothing : new FaultPlan(s))];
    }

    private static FaultLine? ReadLine(string[] words)
    {
        if (words.Length is not (4 or 5) || !Enum.TryParse(words[0], ignoreCase: true, out SimulatedFault fault) || char.IsDigit(words[0][0]) || words[0][0] == '-')
        {
            return null;
        }

        string[] after = words[2].Split("..");
        TimeSpan? soonest = Time(after[0]), latest = after.Length == 2 ? Time(after[1]) : soonest, length = Time(words[3]);
        TimeSpan? every = words.Length == 5 ? Time(words[4]) : null;
        (double? percent, int count) = words[1].EndsWith('%') ? (Number(words[1][..^1]), 0) : (null, (int)(Number(words[1]) ?? 0));
        bool share = words[1].EndsWith('%') ? percent is > 0 and <= 100 : count > 0;
        bool times = after.Length <= 2 && soonest is not null && latest >= soonest && length > TimeSpan.Zero && (words.Length == 4 || every > length);
        return share && times ? new FaultLine(fault, percent, count, soonest!.Value, latest!.Value, length!.Value, every) : null;
    }

    private static TimeSpan? Time(string word) => word.Length < 2 || Number(word[..^1]) is not { } number ? null : word[^1] switch
    {
        's' => TimeSpan.FromSeconds(number),
        'm' => TimeSpan.FromMinutes(number),
        'h' => TimeSpan.FromHours(number),
        _ => null,
    };

    /// <returns>0 to 100,000; null: no such number.</returns>
    private static double? Number(string word) =>
        double.TryParse(word, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) && number <= 100_000 ? number : null;
}
