using Microsoft.Extensions.Logging;
using ThreeClassrooms.Agent.Capture;
using ThreeClassrooms.Agent.Enrolment;
using ThreeClassrooms.Agent.Outbox;
using ThreeClassrooms.Agent.Playback;
using ThreeClassrooms.Agent.Timetable;

namespace ThreeClassrooms.Agent.Joining;

/// <summary>What <see cref="LessonLoop"/> needs of the rest of the agent.</summary>
internal sealed record LessonSurroundings(
    Identity Identity, HubLink Link, HubApi Api, IPeerFactory Peers, CaptureLoop Capture, ReadinessCheck Readiness, PlaybackSetting Playback, bool Shows,
    ClassroomScreen Screen, LessonEvidence Evidence, Func<bool> Recorded, MuteStore MuteStore, LessonCapture Held, bool FloorOpensMicrophone, HubClock Clock, TimeProvider Time, ILogger Log);
