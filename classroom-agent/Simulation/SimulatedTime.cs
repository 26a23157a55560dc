namespace ThreeClassrooms.Agent.Simulation;

/// <summary>A device's clock, which may be wrong; what is measured with it is right. Thread-safe.</summary>
internal sealed class SimulatedTime : TimeProvider
{
    private long _ahead;

    /// <summary>This clock minus the real one.</summary>
    public TimeSpan Ahead
    {
        get => TimeSpan.FromTicks(Interlocked.Read(ref _ahead));
        set => Interlocked.Exchange(ref _ahead, value.Ticks);
    }

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Ahead;
}
