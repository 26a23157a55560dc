namespace ThreeClassrooms.Hub.Streams;

/// <summary>One published stream of one lesson.</summary>
/// <param name="StreamId">See <see cref="Contracts.StreamIds"/>: "host-camera", "r1-camera", ….</param>
public readonly record struct StreamKey(Guid LessonId, string StreamId);
