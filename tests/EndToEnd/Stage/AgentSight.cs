namespace ThreeClassrooms.EndToEnd.Stage;

/// <summary>What an agent's statistics say of one stream.</summary>
internal static class AgentSight
{
    private const double Moving = 5;

    /// <summary>The seconds of a stream that ended after a moment.</summary>
    public static IReadOnlyList<AgentSecond> SecondsOf(this AgentProcess agent, string streamId, DateTimeOffset after = default) =>
        [.. agent.Seconds().Where(s => s.StreamId == streamId && s.At > after)];

    /// <summary>Waits for the first second after a moment in which the stream's picture moved.</summary>
    /// <returns>From the moment to the end of that second.</returns>
    public static async Task<TimeSpan> SeesAsync(this AgentProcess agent, string streamId, DateTimeOffset after, TimeSpan within)
    {
        AgentSecond? seen = null;
        await Eventually.IsTrueAsync(
            () => (seen = agent.SecondsOf(streamId, after).FirstOrDefault(s => s.Number("fps") > Moving)) is not null,
            within, () => $"no moving picture of {streamId}\n{agent.Process!.Tail()}");
        return seen!.At - after;
    }

    /// <summary>Waits until the picture moved in this many seconds after a moment.</summary>
    public static Task WatchesAsync(this AgentProcess agent, string streamId, int seconds, DateTimeOffset after, TimeSpan within) =>
        Eventually.IsTrueAsync(
            () => agent.SecondsOf(streamId, after).Count(s => s.Number("fps") > Moving) >= seconds,
            within, () => $"less than {seconds} s of {streamId}\n{string.Join('\n', agent.SecondsOf(streamId, after).Select(s => s.Row))}\n{agent.Process!.Tail()}");
}
