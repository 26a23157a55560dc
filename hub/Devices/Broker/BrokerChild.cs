using System.ComponentModel;
using System.Diagnostics;

namespace ThreeClassrooms.Hub.Devices.Broker;

/// <summary>
/// The running broker. The kernel ends it when the hub dies, however it dies: the parent-death signal belongs to the thread that forked, so one thread starts the
/// process and waits for its end. Its error output is always drained.
/// </summary>
internal sealed class BrokerChild : IDisposable
{
    private static readonly string? Setpriv = new[] { "/usr/bin/setpriv", "/bin/setpriv" }.FirstOrDefault(File.Exists);

    private readonly Process _process;
    private readonly TaskCompletionSource<int> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private BrokerChild(string program, string configuration, Action<string> onLine)
    {
        string[] command = [program, "-c", configuration];
        if (Setpriv is not null)
        {
            // TERM, not KILL: it writes its snapshot before it ends.
            command = [Setpriv, "--pdeathsig", "TERM", "--", .. command];
        }

        _process = new Process
        {
            StartInfo = new ProcessStartInfo(command[0], command[1..])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        _process.ErrorDataReceived += (_, line) => Say(line.Data, onLine);
        _process.OutputDataReceived += (_, line) => Say(line.Data, onLine);
    }

    public int Id { get; private set; }

    /// <summary>Ends with the exit code.</summary>
    public Task<int> Exited => _exited.Task;

    /// <param name="onLine">Gets every line of the broker's log, on a pool thread.</param>
    /// <exception cref="Win32Exception">The program cannot be started.</exception>
    public static async Task<BrokerChild> StartAsync(string program, string configuration, Action<string> onLine)
    {
        var child = new BrokerChild(program, configuration, onLine);
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() => child.Run(started)) { IsBackground = true, Name = "broker" }.Start();
        await started.Task;
        return child;
    }

    /// <summary>Asks it to write its snapshot and end; kills it when it does not.</summary>
    public async Task StopAsync(TimeSpan patience)
    {
        if (!_exited.Task.IsCompleted)
        {
            using Process? kill = Process.Start("kill", ["-TERM", Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        }

        await Task.WhenAny(_exited.Task, Task.Delay(patience));
        Kill();
        await _exited.Task;
    }

    public void Dispose()
    {
        Kill();
        _process.Dispose();
    }

    private static void Say(string? line, Action<string> onLine)
    {
        if (!string.IsNullOrWhiteSpace(line))
        {
            onLine(line);
        }
    }

    private void Kill()
    {
        try
        {
            if (!_exited.Task.IsCompleted)
            {
                _process.Kill();
            }
        }
        catch (InvalidOperationException)
        {
            // Gone already.
        }
    }

    private void Run(TaskCompletionSource started)
    {
        try
        {
            _process.Start();
            Id = _process.Id;
            _process.BeginErrorReadLine();
            _process.BeginOutputReadLine();
        }
        catch (Win32Exception e)
        {
            started.SetException(e);
            return;
        }

        started.SetResult();
        _process.WaitForExit();
        _exited.SetResult(_process.ExitCode);
    }
}
