using System.Text.Json;
using ThreeClassrooms.Hub.Hosting;
using ThreeClassrooms.Hub.Shell;

namespace ThreeClassrooms.Hub.Seeding;

/// <summary>Filling the hub from a file: at every start (<c>Hub:SeedCounty</c>) or by the command <c>seed FILE</c>.</summary>
internal static class SeedingFeature
{
    public const string Verb = "seed";

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

    /// <summary>The command: loads a file into the database of this configuration, also while the hub runs.</summary>
    /// <param name="file"><c>-</c>: the file comes from <paramref name="input"/>, which whoever calls may read and the hub's user may not.</param>
    /// <returns>The process's exit code: 0, 64 without a file, 65 when it is not a county file.</returns>
    public static async Task<int> SeedAsync(this IServiceProvider services, string file, TextReader input, TextWriter errors)
    {
        if (file.Length == 0)
        {
            await errors.WriteLineAsync(services.GetRequiredService<Text>()["Hub.SeedUsage"]);
            return 64;
        }

        try
        {
            if (file == "-")
            {
                await using AsyncServiceScope scope = services.CreateAsyncScope();
                CountyFile county = CountyFile.Parse(await input.ReadToEndAsync());
                await scope.ServiceProvider.GetRequiredService<CountySeeder>().SeedAsync(county);
            }
            else
            {
                await services.SeedAsync(file);
            }

            return 0;
        }
        catch (Exception fault) when (fault is JsonException or InvalidDataException or IOException)
        {
            await errors.WriteLineAsync($"{file}: {fault.Message}");
            return 65;
        }
    }
}
