namespace ThreeClassrooms.Hub.Attendance;

/// <summary>What was observed of every seat, kept as evidence.</summary>
internal static class AttendanceFeature
{
    public static IServiceCollection AddAttendance(this IServiceCollection services) => services
        .AddSingleton<EvidenceStore>()
        .AddHostedService<HubLife>();
}
