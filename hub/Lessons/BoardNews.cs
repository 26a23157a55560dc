namespace ThreeClassrooms.Hub.Lessons;

/// <summary>Tells the day's boards that they are old, once for everything that changed since the last time. Thread-safe.</summary>
internal sealed class BoardNews(LessonAudience audience)
{
    private int _old;

    public void Tell() => Interlocked.Exchange(ref _old, 1);

    /// <summary>Sends what is to be told, if anything.</summary>
    public Task SendAsync() => Interlocked.Exchange(ref _old, 0) == 1 ? audience.TellBoardAsync() : Task.CompletedTask;
}
