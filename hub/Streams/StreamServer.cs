namespace ThreeClassrooms.Hub.Streams;

/// <summary>The media driver. Its entry points are thread-safe: each posts to the loop that owns the lesson and returns at once.</summary>
internal sealed class StreamServer : IHostedService
{
    private readonly HashSet<Guid> _open = [];

    /// <summary>WHIP and WHEP are refused (<c>lessonClosed</c>) for lessons that are not open. Opening an open lesson does nothing.</summary>
    public void OpenLesson(Guid lessonId) => _open.Add(lessonId);

    /// <summary>Ends all connections of the lesson and closes its recordings.</summary>
    public void CloseLesson(Guid lessonId) => _open.Remove(lessonId);

    /// <summary>Which seat besides "host" is forwarded to everybody; null: none.</summary>
    public void SetFloor(Guid lessonId, string? seatId) => _open.Contains(lessonId);

    /// <summary>Drops the seat's sound in the hub while muted.</summary>
    public void SetMuted(Guid lessonId, string seatId, bool muted) => _open.Contains(lessonId);

    public void StartRecording(Guid lessonId) => _open.Contains(lessonId);

    public void StopRecording(Guid lessonId) => _open.Contains(lessonId);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
