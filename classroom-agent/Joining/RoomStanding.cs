using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Joining;

/// <summary>How a room stands in its lesson at one moment; the members are those of <see cref="RoomState"/>.</summary>
internal sealed record RoomStanding(DeviceOccurrence? Lesson, bool Live, bool Joined, bool HandRaised, bool Floor, bool MicrophoneOpen, bool Heard);
