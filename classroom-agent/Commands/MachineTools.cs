using System.ComponentModel;
using Microsoft.Extensions.Logging;
using ThreeClassrooms.Agent.Children;

namespace ThreeClassrooms.Agent.Commands;

/// <summary>Runs a program of the machine to its end; true: it ended with 0.</summary>
internal delegate Task<bool> RunTool(string program, IReadOnlyList<string> arguments, CancellationToken stop);

/// <summary>What the agent changes of its machine, by the machine's own programs.</summary>
internal sealed class MachineTools(RunTool run)
{
    /// <param name="output">mpv's audio output: which sound system carries the lessons.</param>
    /// <param name="percent">0 to 100.</param>
    public Task<bool> SetVolumeAsync(string output, int percent, CancellationToken stop) => ChangeVolumeAsync(output, VolumeChange.To(percent), stop);

    /// <param name="output">See <see cref="SetVolumeAsync"/>.</param>
    public async Task<bool> ChangeVolumeAsync(string output, VolumeChange change, CancellationToken stop)
    {
        bool pulse = !output.StartsWith("alsa", StringComparison.Ordinal), alsa = !output.StartsWith("pulse", StringComparison.Ordinal);
        return (pulse && await run("pactl", ["set-sink-volume", "@DEFAULT_SINK@", change.Pulse], stop))
            || (alsa && await run("amixer", ["-q", "sset", "Master", change.Alsa], stop));
    }

    /// <param name="command">Program and arguments, divided by blanks.</param>
    public async Task<bool> RebootAsync(string command, CancellationToken stop) =>
        command.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var program, .. var arguments] && await run(program, arguments, stop);

    public static RunTool Real(TimeProvider time, ILogger log) => async (program, arguments, stop) =>
    {
        try
        {
            await using ChildProcess child = await ChildProcess.StartAsync(Path.GetFileName(program), program, arguments, log);
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
            using ITimer timer = time.CreateTimer(_ => patience.Cancel(), null, TimeSpan.FromSeconds(10), Timeout.InfiniteTimeSpan);
            await child.Output.CopyToAsync(Stream.Null, patience.Token);
            return await child.Exited.WaitAsync(patience.Token) == 0;
        }
        catch (Exception e) when (e is Win32Exception || (e is OperationCanceledException && !stop.IsCancellationRequested))
        {
            return false;
        }
    };
}
