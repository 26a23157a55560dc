using System.Diagnostics;

namespace ThreeClassrooms.TestKit;

/// <summary>Waits for conditions with a deadline; looks every 20 ms.</summary>
public static class Until
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <exception cref="TimeoutException">The condition did not come true; carries what <paramref name="otherwise"/> says.</exception>
    public static async Task TrueAsync(Func<bool> condition, Func<string>? otherwise = null)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            if (watch.Elapsed > Patience)
            {
                throw new TimeoutException(otherwise?.Invoke() ?? "The condition did not come true.");
            }

            await Task.Delay(20);
        }
    }
}
