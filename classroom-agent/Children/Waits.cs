namespace ThreeClassrooms.Agent.Children;

internal static class Waits
{
    /// <summary>Waits, or returns early without an exception when told to stop.</summary>
    public static async Task PauseAsync(TimeSpan wait, TimeProvider time, CancellationToken stop) =>
        await Task.Delay(wait, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
