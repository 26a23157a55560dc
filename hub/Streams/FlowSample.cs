namespace ThreeClassrooms.Hub.Streams;

/// <summary>What flowed on one connection during about one second, as the hub saw it.</summary>
/// <param name="From">UTC, inclusive.</param>
/// <param name="To">UTC, exclusive.</param>
/// <param name="VideoPackets">Video packets received from a publisher, or sent to a watcher (retransmissions excluded).</param>
/// <param name="AudioPackets">Audio packets, same meaning; 0 for a muted seat.</param>
/// <param name="VideoBytes">Payload bytes of the video packets.</param>
/// <param name="AudioBytes">Payload bytes of the audio packets.</param>
/// <param name="Pictures">Pictures begun: RTP timestamps that the video went on to. Of several layers the one with most.</param>
/// <param name="Sounds">Pieces of sound: RTP timestamps that the audio went on to.</param>
/// <param name="LossPercent">
/// Publisher: packets that the hub missed, after recovery. Watcher: what its receiver reports said was missing. 0 to 100.
/// </param>
/// <param name="RoundTripMs">Round trip between hub and peer in milliseconds; null while not known.</param>
public readonly record struct FlowSample(
    DateTimeOffset From, DateTimeOffset To, int VideoPackets, int AudioPackets, long VideoBytes, long AudioBytes,
    int Pictures, int Sounds, double LossPercent, double? RoundTripMs)
{
    public int Packets => VideoPackets + AudioPackets;

    public long Bytes => VideoBytes + AudioBytes;
}
