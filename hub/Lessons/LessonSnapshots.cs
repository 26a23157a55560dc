using System.Collections.Concurrent;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Hub.Lessons;

/// <summary>The newest snapshot of every lesson in memory, for pages. Thread-safe.</summary>
internal sealed class LessonSnapshots
{
    private readonly ConcurrentDictionary<Guid, LessonSnapshot> _newest = new();

    /// <returns>Null when the lesson is not in memory: far off, or over and done with.</returns>
    public LessonSnapshot? Of(Guid lessonId) => _newest.GetValueOrDefault(lessonId);

    public void Keep(LessonSnapshot snapshot) => _newest[snapshot.LessonId] = snapshot;

    public void Drop(Guid lessonId) => _newest.TryRemove(lessonId, out _);
}
