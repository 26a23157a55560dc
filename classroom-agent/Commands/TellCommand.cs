using ThreeClassrooms.Agent.Settings;

namespace ThreeClassrooms.Agent.Commands;

/// <summary>Commands to the agent that runs on the same data folder: mute, unmute, hand, status.</summary>
internal static class TellCommand
{
    public static async Task<int> RunAsync(AgentOptions options, string line, CancellationToken stop)
    {
        string? reply = await ControlSocket.AskAsync(options.Data, line, stop);
        if (reply is null)
        {
            await Console.Error.WriteLineAsync(Words.Format("AgentNotRunning", options.Data));
            return ExitCodes.Failed;
        }

        Console.WriteLine(reply);
        return reply.StartsWith("error", StringComparison.Ordinal) ? ExitCodes.Failed : ExitCodes.Done;
    }
}
