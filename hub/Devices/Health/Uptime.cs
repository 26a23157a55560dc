namespace ThreeClassrooms.Hub.Devices.Health;

/// <summary>Seconds of one device and day, as <see cref="DeviceDay"/> keeps them. What was not seen counts nowhere.</summary>
internal readonly record struct UptimeSeconds(double Up, double Down, double Maintenance, double LessonUp, double LessonDown)
{
    /// <summary>Share of the time seen, 0 to 1; null: nothing was seen.</summary>
    public double? Share => Up + Down > 0 ? Up / (Up + Down) : null;

    public double? LessonShare => LessonUp + LessonDown > 0 ? LessonUp / (LessonUp + LessonDown) : null;

    public static UptimeSeconds operator +(UptimeSeconds a, UptimeSeconds b) =>
        new(a.Up + b.Up, a.Down + b.Down, a.Maintenance + b.Maintenance, a.LessonUp + b.LessonUp, a.LessonDown + b.LessonDown);

    /// <summary>What a stretch of time counts as, by how the device was judged at its end.</summary>
    public static UptimeSeconds Of(HealthView view, TimeSpan stretch)
    {
        double seconds = stretch.TotalSeconds;
        bool lesson = view.Lesson is not null;
        return (view.State, view.Presence) switch
        {
            (HealthState.Disabled or HealthState.Onboarding, _) => default,
            (HealthState.Maintenance, _) => default(UptimeSeconds) with { Maintenance = seconds },
            (_, PresenceState.Up) => new UptimeSeconds(seconds, 0, 0, lesson ? seconds : 0, 0),
            (_, PresenceState.Down or PresenceState.Silent) => new UptimeSeconds(0, seconds, 0, 0, lesson ? seconds : 0),
            _ => default,
        };
    }
}
