using ThreeClassrooms.Agent.Capture;
using ThreeClassrooms.Agent.Playback;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Telemetry;

/// <summary>What the agent's settings need of the machine. A part that they do not use is never missing.</summary>
/// <param name="Camera">The kernel's name of the V4L2 device; null: pictures come from elsewhere (a file, a network camera) or not at all.</param>
/// <param name="Microphone">As ALSA or PulseAudio names it; null: none is used.</param>
/// <param name="OverPulse">The sound server chooses the card.</param>
/// <param name="Screen">Lessons are shown here, with sound.</param>
/// <param name="Sound">The screen's sound comes from a sound card.</param>
internal sealed record PartExpectations(string? Camera, string? Microphone, bool OverPulse, bool Screen, bool Sound, IReadOnlySet<PartKind> Absent)
{
    private const string NoSound = "null";

    /// <summary>What a device that looks for its own camera is said to miss.</summary>
    private const string Any = "auto";

    /// <param name="wanted">As it is set; what is missing is missing of this.</param>
    /// <param name="source">What was found of it.</param>
    /// <param name="deviceOf">See <see cref="Readings.LinuxMachine.DeviceOf"/>.</param>
    public static PartExpectations Of(SourceSpec wanted, SourceSpec source, PlaybackMode playback, string audioOutput, Func<string, string> deviceOf)
    {
        bool devices = source.Kind == SourceKind.Devices, auto = wanted.Kind == SourceKind.Auto;
        bool screen = playback == PlaybackMode.Screen;
        return new PartExpectations(
            devices ? deviceOf(source.Video) : auto ? Any : null,
            devices && source.AudioSystem is not null ? source.Audio : auto ? Any : null, source.AudioSystem == "pulse" || (auto && source.AudioSystem is null), screen,
            screen && audioOutput != NoSound, new HashSet<PartKind>());
    }
}

/// <summary>What flows through the agent now. Null: nothing is captured, or it has only just begun.</summary>
/// <param name="ScreenOpen">There is a display server or a graphics device to show on.</param>
/// <param name="Seen">What is wrong with the picture that flows: black or frozen; null: nothing that is known.</param>
/// <param name="Recorded">What flows is kept on the disk; null: it is not to be, or nothing flows.</param>
/// <param name="WrongCodec">Pictures come that are not H.264.</param>
/// <param name="JoinFails">The device cannot take part in its lesson.</param>
internal sealed record Flows(bool? Picture, bool? Sound, bool? ScreenOpen, PictureFault? Seen = null, bool? Recorded = null, bool JoinFails = false, bool WrongCodec = false);

/// <summary>What the agent measured besides the machine's own readings. Null: not known.</summary>
/// <param name="ClockOffset">The agent's clock minus the hub's.</param>
internal sealed record HubDistance(TimeSpan? ClockOffset, TimeSpan? RoundTrip);
