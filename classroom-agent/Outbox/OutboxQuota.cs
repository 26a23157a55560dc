using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Outbox;

/// <summary>How full the outbox is.</summary>
internal enum OutboxLevel
{
    Roomy,

    /// <summary>From 80 %: staff should look why nothing is handed in.</summary>
    Warning,

    /// <summary>From 95 %: readings are counted, not written.</summary>
    Tight,

    /// <summary>Full: what is less important gives way.</summary>
    Full,
}

/// <summary>Who may write and who gives way. Evidence always may and never gives way. Pure.</summary>
internal static class OutboxQuota
{
    public static OutboxLevel Level(long used, long quota) =>
        used >= quota ? OutboxLevel.Full
        : used * 100 >= quota * 95 ? OutboxLevel.Tight
        : used * 100 >= quota * 80 ? OutboxLevel.Warning
        : OutboxLevel.Roomy;

    public static bool MayAppend(string stream, OutboxLevel level) => stream switch
    {
        EvidenceStreams.Evidence => true,
        EvidenceStreams.State => level < OutboxLevel.Full,
        _ => level < OutboxLevel.Tight,
    };
}
