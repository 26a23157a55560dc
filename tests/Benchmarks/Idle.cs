using System.Diagnostics;
using System.Globalization;

namespace ThreeClassrooms.Benchmarks;

/// <summary>A hub of its own with the demo county and nobody connected: resident memory and processor time.</summary>
internal static class Idle
{
    public static async Task RunAsync(Arguments arguments)
    {
        int port = arguments.Number("port", 8610), seconds = arguments.Number("seconds", 30);
        string root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "ThreeClassrooms.sln")))
        {
            root = Path.GetDirectoryName(root) ?? throw new InvalidOperationException("Run it inside the repository.");
        }

        string program = Path.Combine(root, "hub", "bin", "Release", "net10.0", "ThreeClassrooms.Hub.dll");
        string data = Directory.CreateTempSubdirectory("idle-").FullName;
        string[] line = [program, $"--Hub:Port={port}", $"--Hub:DataFolder={data}", "--Hub:Listen=127.0.0.1", "--Hub:SeedCounty=demo-county.json", "--Mqtt:Port=0"];
        var start = new ProcessStartInfo("dotnet", line) { RedirectStandardOutput = true };
        using Process hub = Process.Start(start)!;
        _ = hub.StandardOutput.ReadToEndAsync();
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        while (!await AnswersAsync(http))
        {
            await Task.Delay(100);
        }

        TimeSpan before = hub.TotalProcessorTime;
        await Task.Delay(TimeSpan.FromSeconds(seconds));
        hub.Refresh();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"idle hub after {seconds} s: {hub.WorkingSet64 / 1048576.0:F0} MiB resident, {100 * (hub.TotalProcessorTime - before).TotalSeconds / seconds:F2} % of a core"));
        hub.Kill();
        await hub.WaitForExitAsync();
        Directory.Delete(data, recursive: true);
    }

    private static async Task<bool> AnswersAsync(HttpClient http)
    {
        try
        {
            return (await http.GetAsync("/healthz")).IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
