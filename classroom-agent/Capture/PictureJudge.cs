using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Capture;

/// <summary>What is wrong with a picture that flows.</summary>
/// <param name="Fault"><see cref="FaultKind.PictureBlack"/> or <see cref="FaultKind.PictureFrozen"/>.</param>
/// <param name="Seconds">How long it has stood still; null: it is black.</param>
internal sealed record PictureFault(FaultKind Fault, double? Seconds = null);

/// <summary>
/// Says of samples of a picture, one every half minute, whether it is black or stands still. Pure: time is an argument. Black is what a lens cap gives and a room
/// without light. Still is what not even a camera's noise moves: the samples are single points, never averages, and a room that is merely empty has noise in them.
/// One owner.
/// </summary>
/// <param name="mayFreeze">A camera of the room: generated pictures, films and slides may stand still.</param>
internal sealed class PictureJudge(bool mayFreeze)
{
    /// <summary>So many black samples in a row: somebody who walks past the lens is none.</summary>
    public const int BlackSamples = 2;

    /// <summary>A camera that has given the same picture for so long is stuck.</summary>
    public static readonly TimeSpan FrozenAfter = TimeSpan.FromMinutes(10);

    /// <summary>Luma of 0 to 255: a room by the light of its own screen is above it.</summary>
    private const double DarkMean = 24;

    private const int Bright = 48;

    /// <summary>A camera's date and name, written into the picture, are brighter than this share of it at most.</summary>
    private const double BrightShare = 0.02;

    /// <summary>The same picture, encoded anew, differs by 0.4; with the noise of a good camera by 0.8 and more.</summary>
    private const double SameMean = 0.55;

    private const int Moved = 8;

    /// <summary>The digits of a clock in the picture are no movement.</summary>
    private const double MovedShare = 0.005;

    private int _black;
    private byte[]? _first;
    private TimeSpan _since;

    /// <summary>Nothing that was seen before counts: no lesson, no picture.</summary>
    public void Reset() => (_black, _first) = (0, null);

    /// <param name="gray">Luma of 0 to 255 at the same points of the picture each time.</param>
    /// <param name="at">Monotonic.</param>
    /// <returns>Null: nothing is wrong.</returns>
    public PictureFault? On(ReadOnlySpan<byte> gray, TimeSpan at)
    {
        _black = IsBlack(gray) ? _black + 1 : 0;
        if (_first is null || _first.Length != gray.Length || !IsSame(_first, gray))
        {
            (_first, _since) = (gray.ToArray(), at);
        }

        return _black >= BlackSamples ? new PictureFault(FaultKind.PictureBlack)
            : _black == 0 && mayFreeze && at - _since >= FrozenAfter ? new PictureFault(FaultKind.PictureFrozen, (at - _since).TotalSeconds)
            : null;
    }

    private static bool IsBlack(ReadOnlySpan<byte> gray)
    {
        long sum = 0;
        int bright = 0;
        foreach (byte luma in gray)
        {
            sum += luma;
            bright += luma > Bright ? 1 : 0;
        }

        return sum < DarkMean * gray.Length && bright <= BrightShare * gray.Length;
    }

    private static bool IsSame(ReadOnlySpan<byte> first, ReadOnlySpan<byte> now)
    {
        long sum = 0;
        int moved = 0;
        for (int i = 0; i < now.Length; i++)
        {
            int difference = Math.Abs(first[i] - now[i]);
            if (difference > Moved)
            {
                moved++;
            }
            else
            {
                sum += difference;
            }
        }

        return moved <= MovedShare * now.Length && sum <= SameMean * now.Length;
    }
}
