using System.Diagnostics;

namespace ThreeClassrooms.TestKit.Brokers;

/// <summary>mosquitto_pub and mosquitto_sub (package mosquitto-clients): another client than ours, to see what the broker lets through on the wire.</summary>
/// <param name="more">Options of every call: port, user, trust.</param>
public sealed class WireClient(params string[] more)
{
    /// <returns>Exit code and all output; <c>-d</c> makes it tell the reason codes.</returns>
    public Task<(int Exit, string Output)> PublishAsync(string topic, string text) => RunAsync("mosquitto_pub", ["-d", "-t", topic, "-m", text, "-q", "1"]);

    /// <summary>Listens for a while.</summary>
    /// <returns>Exit code (27: time is over) and all output, one line "topic text" per message among it.</returns>
    public Task<(int Exit, string Output)> SubscribeAsync(string filter, int seconds) =>
        RunAsync("mosquitto_sub", ["-v", "-t", filter, "-q", "1", "-W", seconds.ToString(System.Globalization.CultureInfo.InvariantCulture)]);

    private async Task<(int Exit, string Output)> RunAsync(string program, string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, [.. arguments, "-V", "5", .. more])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        string[] output = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, string.Join('\n', output));
    }
}
