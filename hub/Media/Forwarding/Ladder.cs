namespace ThreeClassrooms.Media.Forwarding;

/// <summary>What a weak line keeps longest, first to last. The lecturer's voice comes before all pictures.</summary>
public enum LadderRank
{
    Screen,
    LecturerCamera,
    OtherRoom,
}

/// <summary>One watched stream in the dealing of a line.</summary>
/// <param name="Rank">Place of its picture.</param>
/// <param name="AudioRate">Bits per second of its sound, which is never held back.</param>
/// <param name="LeastVideoRate">Bits per second of its leanest layer; 0 when there is no picture.</param>
/// <param name="WasPaused">The picture is held back now: it comes back only with room to spare.</param>
/// <param name="Budget">Result: bits per second for the picture; 0 holds it back.</param>
public readonly record struct Rung(LadderRank Rank, long AudioRate, long LeastVideoRate, bool WasPaused, long Budget = 0);

/// <summary>Deals a line out among the streams of one seat: all sounds, then pictures by rank as long as their leanest layer fits.</summary>
public static class Ladder
{
    private const double RoomToComeBack = 1.3;

    /// <param name="line">Bits per second; <see cref="DownlinkEstimator.Unlimited"/> gives every picture all it wants.</param>
    /// <param name="rungs">Budgets are written in place.</param>
    public static void Deal(long line, List<Rung> rungs)
    {
        bool unlimited = line == DownlinkEstimator.Unlimited;
        long left = line;
        for (int i = 0; i < rungs.Count && !unlimited; i++)
        {
            left -= rungs[i].AudioRate;
        }

        for (LadderRank rank = LadderRank.Screen; rank <= LadderRank.OtherRoom; rank++)
        {
            for (int i = 0; i < rungs.Count; i++)
            {
                if (rungs[i].Rank != rank)
                {
                    continue;
                }

                Rung rung = rungs[i];
                long need = rung.WasPaused ? (long)(rung.LeastVideoRate * RoomToComeBack) : rung.LeastVideoRate;
                long budget = unlimited ? DownlinkEstimator.Unlimited : need <= left ? Math.Max(1, left) : 0;
                rungs[i] = rung with { Budget = budget };
                left -= !unlimited && budget > 0 ? rung.LeastVideoRate : 0;
            }
        }
    }
}
