using System.ComponentModel.DataAnnotations;
using ThreeClassrooms.Agent.Capture;
using ThreeClassrooms.Agent.Outbox;
using ThreeClassrooms.Agent.Playback;

namespace ThreeClassrooms.Agent.Settings;

/// <summary>
/// Everything an operator may set, section <c>Agent</c> of <c>config/agent.json</c>; environment variables
/// (<c>THREECLASSROOMS_AGENT__CAPTURE__SOURCE</c>) and command-line options come on top. Immutable; checked whole by <see cref="AgentOptionsReader"/>.
/// </summary>
internal sealed record AgentOptions
{
    /// <summary>Folder of identity, timetable copy, recordings and evidence. Made with mode 0700 when missing.</summary>
    [Required]
    public string Data { get; init; } = "/var/lib/three-classrooms-agent";

    /// <summary>Address of the hub, http or https; null: the one written into the identity at enrolment.</summary>
    public Uri? Hub { get; init; }

    /// <summary>SHA-256 of the hub's certificate, 64 hexadecimal digits (colons allowed), for hubs that sign their own; null: the system's trust decides.</summary>
    [RegularExpression("^([0-9a-fA-F]{2}:?){32}$")]
    public string? HubCertSha256 { get; init; }

    public CaptureOptions Capture { get; init; } = new();

    public PlaybackOptions Playback { get; init; } = new();

    public RecordingOptions Recording { get; init; } = new();

    public OutboxOptions Outbox { get; init; } = new();

    /// <summary>File that gets one JSON line per second and watched stream (for measurements); null: none.</summary>
    public string? StatsFile { get; init; }

    /// <summary>Least severe message that is logged: Debug, Information, Warning, Error.</summary>
    [AllowedValues("Debug", "Information", "Warning", "Error")]
    public string LogLevel { get; init; } = "Information";

    /// <summary>
    /// The school's agreement that the room's microphone opens by itself, five seconds after the lecturer has given the room the floor, and closes when the floor
    /// goes: the screen counts down, and a key or the telephone page keeps it closed. False: only a hand in the room opens it.
    /// </summary>
    public bool FloorOpensMicrophone { get; init; }

    /// <summary>
    /// The room's own word on stills of its camera that the county asks for outside lessons: false, never; true, when the school has agreed to it at the hub as well.
    /// </summary>
    public bool Pictures { get; init; } = true;

    /// <summary>Program and arguments that start the machine anew, such as <c>systemctl reboot</c>; null: the hub may not ask for it. The service's user needs the right to.</summary>
    [StringLength(200, MinimumLength = 1)]
    public string? RebootCommand { get; init; }

    /// <summary>Whether staff may update this agent from afar; null: when a service manager starts it again, which is what an update needs.</summary>
    public bool? Updates { get; init; }

    /// <summary>PEM file of the public key (ECDSA P-256) that releases must be signed for; null: a release that this device's hub hands out is believed.</summary>
    [StringLength(300, MinimumLength = 1)]
    public string? ReleaseKey { get; init; }

    /// <summary>How long a new version has, from its first start, to prove itself; then the former one runs again. 5 to 3600 s.</summary>
    [Range(5, 3600)]
    public int UpdateDeadlineSeconds { get; init; } = 600;

    /// <summary>How long all must be well for a new version to have proved itself. 1 to 600 s, less than <see cref="UpdateDeadlineSeconds"/>.</summary>
    [Range(1, 600)]
    public int UpdateHoldSeconds { get; init; } = 60;

    /// <summary>Media over TCP only, for lines known to block UDP (the agent finds this out by itself too, in about 2 s a connection).</summary>
    public bool TcpOnly { get; init; }
}
