using ThreeClassrooms.Agent.Capture;
using ThreeClassrooms.Agent.Telemetry.Readings;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Telemetry;

/// <summary>
/// Says of every part how it is, from readings and what the settings need of it. Pure. What has once been called too hot, full, off or slow is well again at a
/// stricter limit, so that a reading at the limit does not come and go.
/// </summary>
internal static class PartJudge
{
    private static readonly (double Bad, double Good) Hot = (85, 80);
    private static readonly (double Bad, double Good) Full = (95, 92);
    private static readonly (double Bad, double Good) Free = (10, 12);
    private static readonly (double Bad, double Good) ClockOffMs = (2000, 1000);
    private static readonly (double Bad, double Good) RoundTripMs = (400, 300);


    /// <param name="before">Faults of the last judgement.</param>
    public static IReadOnlyList<PartReport> Judge(
        MachineReadings machine, PartExpectations wanted, Flows flows, HubDistance hub, IReadOnlySet<FaultKind> before)
    {
        var parts = new List<PartReport>();
        parts.AddRange(Seen(Video(machine, wanted, flows), flows.Seen));
        if (flows.WrongCodec && wanted.Camera is null)
        {
            parts.Add(Faulty(PartKind.Camera, "camera", "", PartStatus.Failed, FaultKind.CameraNotH264)); // a network camera is no part of this machine
        }

        parts.AddRange(Microphone(machine, wanted, flows));
        parts.AddRange(Loudspeaker(machine, wanted));
        parts.AddRange(Display(machine, wanted, flows));
        parts.Add(DataDisk(machine, before));
        parts.AddRange(machine.Disks.Select(OfDisk));
        if (flows.Recorded is false)
        {
            parts.Add(Faulty(PartKind.Disk, "recording", "", PartStatus.Failed, FaultKind.RecordingFailed));
        }

        parts.Add(Limited(PartKind.Processor, "processor", machine.Processor, machine.Celsius, machine.Celsius, Hot, FaultKind.ProcessorHot, before));
        parts.Add(Limited(PartKind.Memory, "memory", "", machine.MemoryPercent, machine.MemoryPercent, Full, FaultKind.MemoryFull, before));
        double? offset = hub.ClockOffset?.TotalMilliseconds;
        parts.Add(Limited(PartKind.Clock, "clock", "", offset is { } ms ? Math.Abs(ms) : null, offset, ClockOffMs, FaultKind.ClockOff, before));
        double? trip = hub.RoundTrip?.TotalMilliseconds;
        parts.Add(Limited(PartKind.Network, "network", machine.Interface ?? "", trip, trip, RoundTripMs, FaultKind.NetworkPoor, before));
        if (flows.JoinFails)
        {
            parts.Add(Faulty(PartKind.Network, "lesson", "", PartStatus.Failed, FaultKind.JoinFailed));
        }

        return [.. parts.Select(p => wanted.Absent.Contains(p.Kind) ? p with { Status = PartStatus.Absent, Fault = null, Value = null } : p)];
    }

    /// <summary>The faults among parts, for the next judgement.</summary>
    public static IReadOnlySet<FaultKind> Faults(IEnumerable<PartReport> parts) => parts.Where(p => p.Fault is not null).Select(p => p.Fault!.Value).ToHashSet();

    private static IEnumerable<PartReport> Video(MachineReadings machine, PartExpectations wanted, Flows flows)
    {
        VideoDevice? used = machine.VideoDevices.FirstOrDefault(d => d.Device == wanted.Camera);
        if (wanted.Camera is { } camera)
        {
            // A picture that flows proves the camera, whatever is listed.
            yield return flows.WrongCodec ? Faulty(PartKind.Camera, "camera", used?.Name ?? camera, PartStatus.Failed, FaultKind.CameraNotH264)
                : used is null && flows.Picture is not true
                ? Faulty(PartKind.Camera, "camera", camera, PartStatus.Missing, FaultKind.CameraMissing)
                : flows.Picture is false
                    ? Faulty(PartKind.Camera, "camera", used!.Name, PartStatus.Failed, FaultKind.CameraMissing)
                    : Well(PartKind.Camera, "camera", used?.Name ?? camera);
        }

        foreach (VideoDevice other in machine.VideoDevices.Where(d => d.IsFirst && d.Name != used?.Name))
        {
            yield return Well(other.IsCard ? PartKind.CaptureCard : PartKind.Camera, "video:" + other.Device, other.Name);
        }
    }

    /// <summary>A camera that gives a picture of nothing. One that is no device of this machine is named only while there is something to say.</summary>
    private static IEnumerable<PartReport> Seen(IEnumerable<PartReport> video, PictureFault? seen)
    {
        bool said = false;
        foreach (PartReport part in video)
        {
            bool blind = seen is not null && part is { Id: "camera", Status: PartStatus.Ok };
            said |= part.Id == "camera";
            yield return blind ? part with { Status = PartStatus.Failed, Fault = seen!.Fault, Value = seen.Seconds } : part;
        }

        if (seen is not null && !said)
        {
            yield return new PartReport(PartKind.Camera, "camera", "", PartStatus.Failed, seen.Fault, seen.Seconds);
        }
    }

    private static IEnumerable<PartReport> Microphone(MachineReadings machine, PartExpectations wanted, Flows flows)
    {
        if (wanted.Microphone is not { } microphone)
        {
            return [];
        }

        SoundCard? card = machine.SoundCards.Where(c => c.Records).FirstOrDefault(c => wanted.OverPulse || AlsaName.Means(microphone, c));
        return
        [
            card is null && flows.Sound is not true ? Faulty(PartKind.Microphone, "microphone", microphone, PartStatus.Missing, FaultKind.MicrophoneMissing)
            : flows.Sound is false ? Faulty(PartKind.Microphone, "microphone", card!.Name, PartStatus.Failed, FaultKind.MicrophoneMissing)
            : Well(PartKind.Microphone, "microphone", card?.Name ?? microphone),
        ];
    }

    private static IEnumerable<PartReport> Loudspeaker(MachineReadings machine, PartExpectations wanted) =>
        machine.SoundCards.FirstOrDefault(c => c.Plays) is { } card ? [Well(PartKind.Loudspeaker, "loudspeaker", card.Name)]
        : wanted.Sound ? [Faulty(PartKind.Loudspeaker, "loudspeaker", "", PartStatus.Missing, FaultKind.LoudspeakerMissing)]
        : [];

    private static IEnumerable<PartReport> Display(MachineReadings machine, PartExpectations wanted, Flows flows)
    {
        Screen? connected = machine.Screens?.FirstOrDefault(s => s.Connected);
        if (!wanted.Screen)
        {
            return connected is null ? [] : [Well(PartKind.Display, "display", connected.Connector)];
        }

        return
        [
            machine.Screens is { } && connected is null ? Faulty(PartKind.Display, "display", "", PartStatus.Missing, FaultKind.DisplayMissing)
            : flows.ScreenOpen is false ? Faulty(PartKind.Display, "display", connected?.Connector ?? "", PartStatus.Failed, FaultKind.DisplayMissing)
            : connected is null ? new PartReport(PartKind.Display, "display", "", PartStatus.Unknown, null, null)
            : Well(PartKind.Display, "display", connected.Connector),
        ];
    }

    private static PartReport DataDisk(MachineReadings machine, IReadOnlySet<FaultKind> before)
    {
        double? free = machine.DataDisk?.FreePercent;
        bool low = free < (before.Contains(FaultKind.DiskNearlyFull) ? Free.Good : Free.Bad);
        return low
            ? new PartReport(PartKind.Disk, "data", "", PartStatus.Warning, FaultKind.DiskNearlyFull, free)
            : new PartReport(PartKind.Disk, "data", "", free is null ? PartStatus.Unknown : PartStatus.Ok, null, null);
    }

    private static PartReport OfDisk(Disk disk)
    {
        string id = "disk:/dev/" + disk.Device;
        return disk.Wear switch
        {
            DiskWear.Failing => Faulty(PartKind.Disk, id, disk.Model, PartStatus.Failed, FaultKind.DiskFailing),
            DiskWear.Worn => Faulty(PartKind.Disk, id, disk.Model, PartStatus.Warning, FaultKind.DiskFailing),
            DiskWear.Good => Well(PartKind.Disk, id, disk.Model),
            DiskWear.Unknown => new PartReport(PartKind.Disk, id, disk.Model, PartStatus.Unknown, null, null),
        };
    }

    /// <param name="reading">What the limits are for.</param>
    /// <param name="shown">What the report says, in the fault's unit.</param>
    private static PartReport Limited(
        PartKind kind, string id, string name, double? reading, double? shown, (double Bad, double Good) limit, FaultKind fault, IReadOnlySet<FaultKind> before)
    {
        bool bad = before.Contains(fault) ? reading > limit.Good : reading >= limit.Bad;
        return bad
            ? new PartReport(kind, id, name, PartStatus.Warning, fault, shown)
            : new PartReport(kind, id, name, reading is null ? PartStatus.Unknown : PartStatus.Ok, null, null);
    }

    private static PartReport Well(PartKind kind, string id, string name) => new(kind, id, name, PartStatus.Ok, null, null);

    private static PartReport Faulty(PartKind kind, string id, string name, PartStatus status, FaultKind fault) => new(kind, id, name, status, fault, null);
}
