using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Playback;

/// <summary>What the classroom sees behind the players: the waiting card before the bell, a plain word otherwise. Setters may be called from anywhere.</summary>
/// <param name="timetable">The device's own timetable, for names and the zone; null while there is none.</param>
internal sealed class ClassroomScreen(PlaybackSetting setting, Func<DeviceTimetable?> timetable, Func<bool> linked)
{
    private volatile DeviceOccurrence? _card;
    private volatile bool _lesson;
    private long _identifyFrom;
    private long _identifyTicks;

    public void ShowCard(DeviceOccurrence lesson) => _card = lesson;

    public void ShowLesson(DeviceOccurrence lesson) => (_card, _lesson) = (null, true);

    public void ShowIdle() => (_card, _lesson) = (null, false);

    /// <summary>Shows for a while which room this is, so that whoever stands before it knows that it is meant.</summary>
    /// <returns>False: a lesson covers the screen.</returns>
    public bool TryIdentify(TimeSpan duration)
    {
        if (_lesson)
        {
            return false;
        }

        Volatile.Write(ref _identifyFrom, setting.Time.GetTimestamp());
        Volatile.Write(ref _identifyTicks, duration.Ticks);
        return true;
    }

    public Task RunAsync(CancellationToken stop) =>
        new CardLoop(setting.Options, setting.Sockets, Text, setting.Time, setting.Log).RunAsync(stop);

    private bool Identifies => Volatile.Read(ref _identifyTicks) is > 0 and var ticks && setting.Time.GetElapsedTime(Volatile.Read(ref _identifyFrom)).Ticks < ticks;

    internal string Text()
    {
        if (Identifies)
        {
            return WaitingCard.Plain(timetable()?.Classroom ?? "", timetable()?.School ?? "", Words.Get("CardIdentify"));
        }

        if (timetable() is not { } known)
        {
            return WaitingCard.Plain("", "", Words.Get(linked() ? "CardNoTimetable" : "CardNotLinked"));
        }

        if (_card is { } lesson)
        {
            return WaitingCard.Render(known.Classroom, known.School, lesson, setting.HubNow(), Zone(known), linked());
        }

        // Seen only where no player covers it: the picture is not there (yet).
        return WaitingCard.Plain(known.Classroom, known.School, Words.Get(_lesson ? "CardPictureComes" : "CardNoLesson"));
    }

    private static TimeZoneInfo Zone(DeviceTimetable known) =>
        TimeZoneInfo.TryFindSystemTimeZoneById(known.TimeZone, out TimeZoneInfo? zone) ? zone : TimeZoneInfo.Utc;
}
