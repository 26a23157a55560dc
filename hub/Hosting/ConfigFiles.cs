using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.FileProviders;

namespace ThreeClassrooms.Hub.Hosting;

/// <summary>Where the configuration comes from: hub.json, then the environment, then the command line; the last one wins.</summary>
internal static class ConfigFiles
{
    /// <summary>The file given by <c>--config PATH</c>, else <c>config/hub.json</c> beside the program.</summary>
    public static string HubFile(IConfiguration configuration) =>
        configuration["config"] is { Length: > 0 } given ? Path.GetFullPath(given) : Path.Combine(Shipped, "hub.json");

    /// <summary>Files named by options may be relative: to the working folder, to hub.json's folder or to the shipped config folder.</summary>
    /// <returns>The first that exists; else the text as it was given.</returns>
    public static string Find(IConfiguration configuration, string path)
    {
        string[] places = [Directory.GetCurrentDirectory(), Path.GetDirectoryName(HubFile(configuration))!, Shipped];
        return places.Select(p => Path.Combine(p, path)).FirstOrDefault(File.Exists) ?? path;
    }

    /// <summary>Puts hub.json below the sources that are there already.</summary>
    public static void AddHubFile(this ConfigurationManager configuration, ICollection<string> faults)
    {
        string file = HubFile(configuration);
        if (!File.Exists(file))
        {
            if (configuration["config"] is { Length: > 0 })
            {
                faults.Add($"config: '{file}' does not exist");
            }

            return;
        }

        try
        {
            configuration.Sources.Insert(0, new JsonConfigurationSource
            {
                FileProvider = new PhysicalFileProvider(Path.GetDirectoryName(file)!),
                Path = Path.GetFileName(file),
            });
        }
        catch (Exception fault) when (fault is InvalidDataException or FormatException)
        {
            faults.Add($"{file}: {fault.InnerException?.Message ?? fault.Message}");
        }
    }

    private static string Shipped => Path.Combine(AppContext.BaseDirectory, "config");
}
