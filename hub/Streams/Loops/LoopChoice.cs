namespace ThreeClassrooms.Hub.Streams.Loops;

/// <summary>Which loop a new lesson lives on. Pure.</summary>
internal static class LoopChoice
{
    /// <summary>
    /// Lessons that a loop takes before another one is begun: a small county needs one port and one thread, and a loop with company forwards
    /// cheaper than several that wake for a packet each.
    /// </summary>
    public const int Company = 16;

    /// <param name="lessons">Of each loop that runs; not empty.</param>
    /// <param name="most">Loops at most, 1 or more.</param>
    /// <returns>The loop's index; the number of loops: another one is to be begun.</returns>
    public static int Of(ReadOnlySpan<int> lessons, int most)
    {
        int fewest = 0;
        for (int i = 0; i < lessons.Length; i++)
        {
            if (lessons[i] < Company)
            {
                return i;
            }

            fewest = lessons[i] < lessons[fewest] ? i : fewest;
        }

        return lessons.Length < most ? lessons.Length : fewest;
    }
}
