using ThreeClassrooms.Hub.Hosting;

namespace ThreeClassrooms.Hub.Seeding;

/// <summary>Filling the hub from a file: at every start (<c>Hub:SeedCounty</c>) or by the command <c>seed FILE</c>.</summary>
internal static class SeedingFeature
{
    public static IServiceCollection AddSeeding(this IServiceCollection services) => services.AddScoped<CountySeeder>();

    /// <summary>Makes the roles, and loads the county file when one is named.</summary>
    public static async Task SeedAsync(this IServiceProvider services, string? file)
    {
        await using AsyncServiceScope scope = services.CreateAsyncScope();
        CountySeeder seeder = scope.ServiceProvider.GetRequiredService<CountySeeder>();
        await seeder.SeedRolesAsync();
        if (!string.IsNullOrEmpty(file))
        {
            string path = ConfigFiles.Find(scope.ServiceProvider.GetRequiredService<IConfiguration>(), file);
            await seeder.SeedAsync(CountyFile.Read(path));
        }
    }
}
