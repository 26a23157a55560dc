using System.Diagnostics;

namespace ThreeClassrooms.EndToEnd.Stage;

/// <summary>Waits for conditions with a deadline; looks every 50 ms.</summary>
public static class Eventually
{
    public static async Task<TimeSpan> IsTrueAsync(Func<bool> condition, TimeSpan within, Func<string>? otherwise = null) =>
        await IsTrueAsync(() => Task.FromResult(condition()), within, otherwise);

    /// <returns>How long it took.</returns>
    /// <exception cref="TimeoutException">The condition did not come true; carries what <paramref name="otherwise"/> says.</exception>
    public static async Task<TimeSpan> IsTrueAsync(Func<Task<bool>> condition, TimeSpan within, Func<string>? otherwise = null)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            if (watch.Elapsed > within)
            {
                throw new TimeoutException($"Not within {within.TotalSeconds:0.#} s: {otherwise?.Invoke() ?? "condition"}");
            }

            await Task.Delay(50);
        }

        return watch.Elapsed;
    }
}
