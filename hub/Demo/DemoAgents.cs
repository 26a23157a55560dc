using System.Collections.Concurrent;
using System.Diagnostics;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Hub.Demo;

/// <summary>The demo's classroom agents: real agent programs, enrolled with real codes, fed by looping films. They die with the hub.</summary>
internal sealed class DemoAgents(DemoOptions demo) : IDisposable
{
    /// <summary>
    /// Agents are started from one thread that lives as long as the hub: the kernel sends the parent-death signal when the <em>thread</em> that started
    /// the child ends, and threads of the pool come and go.
    /// </summary>
    private static readonly BlockingCollection<(Process Process, TaskCompletionSource Started)> ToStart = [];

    private readonly List<Process> _running = [];

    static DemoAgents() => new Thread(StartAll) { IsBackground = true, Name = "demo agents" }.Start();

    /// <summary>Enrols and starts one agent; returns when it has enrolled.</summary>
    /// <param name="name">Names its folder and log file.</param>
    /// <returns>False: it could not enrol; its log says why.</returns>
    public async Task<bool> StartAsync(string name, DeviceRole role, string code, string film, CancellationToken stop)
    {
        string folder = FolderOf(name);
        Directory.CreateDirectory(folder);
        using Process enrol = await LaunchAsync(folder, "enrol", "--hub", demo.HubAddress, "--code", code, "--data", folder);
        await enrol.WaitForExitAsync(stop);
        if (enrol.ExitCode != 0)
        {
            return false;
        }

        _running.Add(await LaunchAsync(
            folder, "run", "--data", folder, "--source", "file:" + film, "--playback", role == DeviceRole.Main ? "none" : "verify",
            "--stats", Path.Combine(folder, "stats.jsonl")));
        return true;
    }

    /// <summary>What a person at the device would type: <c>agent unmute</c>, <c>agent mute</c>.</summary>
    public async Task TellAsync(string name, string command, CancellationToken stop)
    {
        using Process told = await LaunchAsync(FolderOf(name), command, "--data", FolderOf(name));
        await told.WaitForExitAsync(stop);
    }

    private string FolderOf(string name) => Path.Combine(demo.Data, "agents", name);

    public string LogOf(string name) => Path.Combine(FolderOf(name), "agent.log");

    public void Dispose()
    {
        foreach (Process process in _running)
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }

            process.Dispose();
        }
    }

    private async Task<Process> LaunchAsync(string folder, params string[] arguments)
    {
        // setpriv: an agent must not outlive the hub, however the hub ends.
        string[] line = OperatingSystem.IsLinux() ? ["setpriv", "--pdeathsig", "TERM", "dotnet", demo.Agent] : ["dotnet", demo.Agent];
        var start = new ProcessStartInfo(line[0], [.. line.Skip(1), .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        // The schools of the demonstration agree to it.
        start.Environment["THREECLASSROOMS_AGENT__FLOOROPENSMICROPHONE"] = "true";
        var process = new Process { StartInfo = start };
        string log = Path.Combine(folder, "agent.log");
        process.OutputDataReceived += (_, e) => Append(log, e.Data);
        process.ErrorDataReceived += (_, e) => Append(log, e.Data);
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        ToStart.Add((process, started));
        await started.Task;
        return process;
    }

    private static void StartAll()
    {
        foreach ((Process process, TaskCompletionSource started) in ToStart.GetConsumingEnumerable())
        {
            try
            {
                process.Start();
                process.BeginOutputReadLine();
                process.BeginErrorReadLine();
                started.SetResult();
            }
            catch (Exception e) when (e is System.ComponentModel.Win32Exception or InvalidOperationException)
            {
                started.SetException(e);
            }
        }
    }

    private void Append(string log, string? line)
    {
        if (line is not null)
        {
            lock (_running)
            {
                File.AppendAllText(log, line + Environment.NewLine);
            }
        }
    }
}
