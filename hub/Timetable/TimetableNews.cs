namespace ThreeClassrooms.Hub.Timetable;

/// <summary>Tells the rest of the hub that an occurrence was added or changed. Listeners are called on the writer's thread and must return at once.</summary>
internal sealed class TimetableNews
{
    public event Action<Guid>? Changed;

    public void Tell(Guid occurrenceId) => Changed?.Invoke(occurrenceId);
}
