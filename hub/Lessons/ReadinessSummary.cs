using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Hub.Lessons;

/// <summary>A readiness check in a word, as it is stored.</summary>
internal static class ReadinessSummary
{
    /// <returns>"ok" or the names of the faulty parts, comma between them.</returns>
    public static string Of(Readiness readiness)
    {
        (string Name, PartState State)[] parts =
        [
            ("camera", readiness.Camera), ("microphone", readiness.Microphone), ("loudspeaker", readiness.Loudspeaker),
            ("screen", readiness.Screen), ("disk", readiness.Disk), ("network", readiness.Network),
        ];
        string faults = string.Join(",", parts.Where(p => p.State is PartState.Fault or PartState.Warning).Select(p => p.Name));
        return faults.Length == 0 ? "ok" : faults;
    }
}
