namespace ThreeClassrooms.Hub.Demo;

/// <summary>The command <c>demo</c>: the demo county with a lesson that really takes place.</summary>
internal static class DemoFeature
{
    /// <param name="demo">Null: this is not a demo, nothing is added.</param>
    public static IServiceCollection AddDemo(this IServiceCollection services, DemoOptions? demo) => demo is null
        ? services
        : services.AddSingleton(demo).AddSingleton<DemoText>().AddScoped<DemoLesson>()
            .AddSingleton<DemoRun>().AddHostedService(s => s.GetRequiredService<DemoRun>());
}
