using ThreeClassrooms.Hub.Streams;

namespace ThreeClassrooms.Hub.Attendance;

/// <summary>
/// When what flows is a lesson: pictures and sound that move, not a packet now and then. As slow as the slowest honest sender, and as what a
/// room's device takes for a moving picture (<see cref="ReceptionRules.Sees"/>), so that both observers speak of the same thing.
/// </summary>
internal static class FlowRules
{
    /// <summary>A room calls a picture frozen when the next one comes later than half a second.</summary>
    private const double PicturesPerSecond = 1.5;

    /// <summary>Of the smallest pictures of a scene in which hardly anything moves.</summary>
    private const double PictureBytesPerSecond = 200;

    /// <summary>Opus in its longest frames (120 ms) sends 8; one that has nothing to say (DTX) sends 2 or 3.</summary>
    private const double SoundsPerSecond = 5;

    public static bool PictureMoves(FlowSample sample) =>
        PerSecond(sample, sample.Pictures) >= PicturesPerSecond && PerSecond(sample, sample.VideoBytes) >= PictureBytesPerSecond;

    public static bool SoundFlows(FlowSample sample) => PerSecond(sample, sample.Sounds) >= SoundsPerSecond;

    /// <summary>More than half lost is no lesson any more, whatever still arrives.</summary>
    public static bool Arrives(FlowSample sample) => sample.LossPercent < 50;

    private static double PerSecond(FlowSample sample, double count) =>
        sample.To > sample.From ? count / (sample.To - sample.From).TotalSeconds : 0;
}
