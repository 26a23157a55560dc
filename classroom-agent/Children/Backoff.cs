namespace ThreeClassrooms.Agent.Children;

/// <summary>Full-jitter exponential backoff: a random wait up to a bound that doubles from <c>first</c> to <c>longest</c>; pure but for the random number given.</summary>
internal sealed class Backoff(TimeSpan first, TimeSpan longest)
{
    private int _failures;

    /// <param name="random">0 inclusive to 1 exclusive.</param>
    /// <returns>At least a tenth of the bound, so that a refusing server is never hammered.</returns>
    public TimeSpan Next(double random)
    {
        TimeSpan bound = first * Math.Pow(2, _failures);
        if (bound < longest)
        {
            _failures++;
        }

        return (bound < longest ? bound : longest) * (0.1 + (0.9 * random));
    }

    /// <summary>What was tried worked for a while: the next failure starts small again.</summary>
    public void Reset() => _failures = 0;
}
