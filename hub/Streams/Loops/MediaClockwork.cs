namespace ThreeClassrooms.Hub.Streams.Loops;

/// <summary>What a loop takes from its surroundings besides the port: wall clock, listeners, recorder.</summary>
internal sealed record MediaClockwork(TimeProvider Time, IReadOnlyList<IStreamObserver> Observers, StreamDirectory Directory, IStreamRecorder? Recorder);
