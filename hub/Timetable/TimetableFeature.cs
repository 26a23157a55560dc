namespace ThreeClassrooms.Hub.Timetable;

/// <summary>Dated occurrences, their seats and bookings.</summary>
internal static class TimetableFeature
{
    public static IServiceCollection AddTimetable(this IServiceCollection services) => services
        .AddSingleton<TimetableNews>()
        .AddScoped<TimetablePlanner>()
        .AddSingleton<PlanWords>()
        .AddScoped<LessonCancelling>();
}
