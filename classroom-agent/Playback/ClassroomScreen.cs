using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Playback;

/// <summary>What the classroom sees behind the players: the waiting card before the bell, a plain word otherwise. Setters may be called from anywhere.</summary>
/// <param name="timetable">The device's own timetable, for names and the zone; null while there is none.</param>
/// <param name="page">Address of the room's telephone page, to be shown as a code; null: there is none now.</param>
internal sealed class ClassroomScreen(PlaybackSetting setting, Func<DeviceTimetable?> timetable, Func<bool> linked, Func<Uri?>? page = null)
{
    private const int CodeSide = 190, CodeLeft = 1070, CodeTop = 500;

    private volatile DeviceOccurrence? _card;
    private volatile bool _lesson;
    private volatile CardLoop? _loop;
    private (string Text, string Drawing)? _code;
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

    /// <summary>Nothing can be shown.</summary>
    public bool Fails => _loop?.Fails == true;

    public Task RunAsync(CancellationToken stop)
    {
        _loop = new CardLoop(setting.Options, setting.Sockets, Text, setting.Time, setting.Log);
        return _loop.RunAsync(stop);
    }

    private bool Identifies => Volatile.Read(ref _identifyTicks) is > 0 and var ticks && setting.Time.GetElapsedTime(Volatile.Read(ref _identifyFrom)).Ticks < ticks;

    internal string Text() => Card() + setting.Notices.Text();

    private string Card()
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
            return WaitingCard.Render(known.Classroom, known.School, lesson, setting.HubNow(), Zone(known), linked()) + Code();
        }

        // The first is seen only where no player covers it: the picture is not there (yet).
        DateTimeOffset now = setting.HubNow();
        return (_lesson
            ? WaitingCard.Plain(known.Classroom, known.School, Words.Get("CardPictureComes"))
            : WaitingCard.Idle(known.Classroom, known.School, Next(known, now), now, Zone(known), linked())) + Code();
    }

    private static DeviceOccurrence? Next(DeviceTimetable known, DateTimeOffset now) =>
        known.Occurrences.Where(o => o.StartsAt > now && o.Phase is (LessonPhase.Planned or LessonPhase.Ready)).MinBy(o => o.StartsAt);

    /// <summary>The telephone page's code in the lower right corner.</summary>
    private string Code()
    {
        if (page?.Invoke() is not { } address)
        {
            return "";
        }

        string text = address.AbsoluteUri;
        if (_code is not { } drawn || drawn.Text != text)
        {
            var events = new System.Text.StringBuilder(QrDrawing.Of(text, CodeLeft, CodeTop, CodeSide));
            AssText.Append(events, 5, CodeLeft + (CodeSide / 2), CodeTop - 18, 22, "9FB3C8", Words.Get("CardScan"));
            _code = drawn = (text, events.ToString());
        }

        return drawn.Drawing;
    }

    private static TimeZoneInfo Zone(DeviceTimetable known) =>
        TimeZoneInfo.TryFindSystemTimeZoneById(known.TimeZone, out TimeZoneInfo? zone) ? zone : TimeZoneInfo.Utc;
}
