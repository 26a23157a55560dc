using ThreeClassrooms.Agent.Capture;
using ThreeClassrooms.Agent.Telemetry;
using ThreeClassrooms.Agent.Telemetry.Readings;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Simulation;

/// <summary>The hardware of a simulated device: readings as a small classroom computer gives them, with what its plan does to them. Pure but for its start; thread-safe.</summary>
/// <param name="number">Makes one machine a little different from the next.</param>
internal sealed class SimulatedMachine(int number, DeviceRole role, FaultPlan plan)
{
    private const string Camera = "video0";
    private const long Gigabyte = 1L << 30;
    private const double FillPerMinute = 4;
    private const double SilenceDb = -78;
    private const double TicksPerMinute = 4 * 100 * 60;

    private static readonly string[] Cameras = ["USB Camera 1080p", "Logitech BRIO", "HD Pro Webcam C920", "EVI-D70 USB"];
    private static readonly string[] Microphones = ["USB Audio Device", "Jabra SPEAK 510", "Array Microphone"];

    /// <summary>What the settings of such a device need.</summary>
    public PartExpectations Wanted => new(Camera, "default", OverPulse: true, role == DeviceRole.Receiving, role == DeviceRole.Receiving, new HashSet<PartKind>());

    /// <param name="at">Since the simulation began.</param>
    public MachineReadings Read(TimeSpan at)
    {
        // A slow wave and a quick one, of its own phase: charts that look like a machine's.
        double minutes = at.TotalMinutes, wave = Math.Sin((minutes / 17) + number), ripple = Math.Sin((minutes * 1.3) + (number * 7));
        TimeSpan? hot = plan.HeldFor(SimulatedFault.Hot, at);
        double celsius = 47 + (4 * wave) + ripple + (hot is { } held ? Math.Min(44, 15 * held.TotalMinutes) + 20 : 0);
        bool camera = !plan.Holds(SimulatedFault.Camera, at), screen = !plan.Holds(SimulatedFault.Screen, at);
        // What has added up of a load of 18 + 10 wave + 4 ripple per cent.
        double busy = 5 + (0.18 * minutes) - (0.10 * 17 * Math.Cos((minutes / 17) + number)) - (0.04 / 1.3 * Math.Cos((minutes * 1.3) + (number * 7)));
        return new MachineReadings(
            "Debian GNU/Linux 12 (bookworm)", "Simulated classroom device", "Intel(R) N100", 4, 8 * Gigabyte, (long)((3.9 - (0.6 * wave)) * Gigabyte),
            new ProcessorTimes((ulong)(busy * TicksPerMinute), (ulong)((minutes + 10) * TicksPerMinute)), celsius, new DiskSpace((long)(FreePercent(at) / 100 * 240 * Gigabyte), 240 * Gigabyte),
            [new Disk("nvme0n1", "KBG40ZNV256G", DiskWear.Good)], [new Screen("HDMI-A-1", screen)],
            camera ? [new VideoDevice(Camera, Cameras[number % Cameras.Length], IsFirst: true)] : [],
            [new SoundCard(0, "PCH", "HDA Intel PCH", Plays: true, Records: false), new SoundCard(1, "USB", Microphones[number % Microphones.Length], Plays: false, Records: true)],
            "enp1s0", TimeSpan.FromHours(3 + (number % 60)) + at);
    }

    public Flows Flow(TimeSpan at) => new(!plan.Holds(SimulatedFault.Camera, at), true, !plan.Holds(SimulatedFault.Screen, at), Seen(at));

    /// <summary>See <see cref="MetricsReport.InputLevelDb"/>; the receiving rooms' microphones are closed.</summary>
    public double? Level(TimeSpan at) =>
        plan.Holds(SimulatedFault.Silent, at) ? SilenceDb : role == DeviceRole.Main ? -28 + (4 * Math.Sin((at.TotalMinutes * 1.9) + number)) : null;

    /// <summary>See <see cref="MetricsReport.LossPercent"/>.</summary>
    public double? Loss(TimeSpan at) => plan.Holds(SimulatedFault.Loss, at) ? 12 + (3 * Math.Sin(at.TotalMinutes + number)) : 0.1;

    private PictureFault? Seen(TimeSpan at) => plan.Holds(SimulatedFault.Black, at) ? new PictureFault(FaultKind.PictureBlack)
        : plan.HeldFor(SimulatedFault.Frozen, at) is { } held ? new PictureFault(FaultKind.PictureFrozen, (PictureJudge.FrozenAfter + held).TotalSeconds)
        : null;

    private double FreePercent(TimeSpan at)
    {
        double usual = 35 + (number % 40);
        return plan.HeldFor(SimulatedFault.Disk, at) is { } held ? Math.Max(2.5, Math.Min(usual, 16) - (FillPerMinute * held.TotalMinutes)) : usual;
    }
}
