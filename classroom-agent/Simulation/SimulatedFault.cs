namespace ThreeClassrooms.Agent.Simulation;

/// <summary>What can go wrong with a simulated device; the names are the words of a <see cref="FaultScript"/>.</summary>
internal enum SimulatedFault
{
    /// <summary>The camera is unplugged.</summary>
    Camera,

    /// <summary>The microphone is there and hears nothing.</summary>
    Silent,

    /// <summary>The camera gives a black picture.</summary>
    Black,

    /// <summary>The camera's picture stands still.</summary>
    Frozen,

    /// <summary>Of what lessons send and receive, some packets in a hundred are lost.</summary>
    Loss,

    /// <summary>The screen is switched off at its socket.</summary>
    Screen,

    /// <summary>The disk fills up, a little more every minute.</summary>
    Disk,

    /// <summary>The processor gets hot.</summary>
    Hot,

    /// <summary>The clock is seven seconds ahead.</summary>
    Clock,

    /// <summary>Every packet takes a quarter of a second longer each way, and some are lost and sent again.</summary>
    Slow,

    /// <summary>The network cable is pulled.</summary>
    Offline,

    /// <summary>The machine loses power and starts again every few minutes.</summary>
    Reboots,

    /// <summary>New versions of the agent do not come up: the device is back with the former one.</summary>
    BadUpdate,
}

/// <summary>One fault of one device, by the time since the simulation began.</summary>
/// <param name="Every">It comes again so long after it came; null: once. Longer than <paramref name="For"/>.</param>
internal sealed record FaultSpan(SimulatedFault Fault, TimeSpan After, TimeSpan For, TimeSpan? Every)
{
    /// <returns>How long it has held without a break; null: it does not hold.</returns>
    public TimeSpan? HeldAt(TimeSpan at)
    {
        if (at < After)
        {
            return null;
        }

        TimeSpan since = Every is { } every ? TimeSpan.FromTicks((at - After).Ticks % every.Ticks) : at - After;
        return since < For ? since : null;
    }
}

/// <summary>All that will go wrong with one device. Pure, immutable.</summary>
internal sealed record FaultPlan(IReadOnlyList<FaultSpan> Spans)
{
    public static FaultPlan Nothing { get; } = new([]);

    /// <summary>Something of it needs a cable that can be pulled.</summary>
    public bool NeedsCable => Spans.Any(s => s.Fault is SimulatedFault.Slow or SimulatedFault.Offline or SimulatedFault.Reboots);

    public bool Has(SimulatedFault fault) => Spans.Any(s => s.Fault == fault);

    public bool Holds(SimulatedFault fault, TimeSpan at) => HeldFor(fault, at) is not null;

    /// <returns>How long the fault has held; null: it does not hold.</returns>
    public TimeSpan? HeldFor(SimulatedFault fault, TimeSpan at)
    {
        foreach (FaultSpan span in Spans)
        {
            if (span.Fault == fault && span.HeldAt(at) is { } held)
            {
                return held;
            }
        }

        return null;
    }
}
