using ThreeClassrooms.Agent.Capture;

namespace ThreeClassrooms.Agent.Playback;

/// <summary>Reads the test picture's cells (<see cref="TestPattern"/>) from a small gray picture. Pure.</summary>
internal static class PatternReader
{
    /// <summary>Width and height of the gray pictures: five by five pixels a cell.</summary>
    public const int Width = 160;

    public const int Height = 90;

    /// <summary>A cell and its complement differ by at least this much of 255, or it is not the pattern.</summary>
    private const int Contrast = 64;

    /// <param name="gray"><see cref="Width"/> × <see cref="Height"/> bytes, top row first.</param>
    /// <param name="stamp">UTC milliseconds modulo 2³² when the picture was made.</param>
    public static bool TryRead(ReadOnlySpan<byte> gray, out uint stamp)
    {
        stamp = 0;
        for (int bit = 0; bit < TestPattern.Cells; bit++)
        {
            int x = ((2 * bit) + 1) * Width / (2 * TestPattern.Cells);
            int set = gray[(Height / TestPattern.RowParts / 2 * Width) + x];
            int clear = gray[(Height * 3 / TestPattern.RowParts / 2 * Width) + x];
            if (Math.Abs(set - clear) < Contrast)
            {
                return false;
            }

            stamp |= set > clear ? 1u << bit : 0;
        }

        return true;
    }

    /// <summary>The flashing patch is white.</summary>
    public static bool Flashes(ReadOnlySpan<byte> gray) => gray[(Height * 3 / 16 * Width) + (Width / 16)] > 128;

    /// <summary>Milliseconds from the stamp to now; null when they cannot belong together (over a minute apart).</summary>
    public static int? Delay(uint stamp, DateTimeOffset now)
    {
        int delay = unchecked((int)((uint)now.ToUnixTimeMilliseconds() - stamp));
        return Math.Abs((long)delay) < 60_000 ? delay : null;
    }
}
