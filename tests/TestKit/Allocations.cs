namespace ThreeClassrooms.TestKit;

/// <summary>Measures what a piece of code allocates on the calling thread.</summary>
public static class Allocations
{
    /// <summary>
    /// The least that one of several runs allocated, in bytes. Code that allocates per call does so in every run; what the runtime does once
    /// for itself (compiling, first use) disappears.
    /// </summary>
    /// <param name="run">Called with the number of the run, 0 to 9.</param>
    public static long Least(Action<int> run)
    {
        run(0);
        var least = long.MaxValue;
        for (var i = 1; i < 10 && least > 0; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            run(i);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
