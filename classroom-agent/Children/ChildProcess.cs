using System.Diagnostics;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;

namespace ThreeClassrooms.Agent.Children;

/// <summary>One running child. Its error output is always drained and the last lines are kept; disposing kills it and waits until it is reaped.</summary>
internal sealed partial class ChildProcess : IAsyncDisposable
{
    private const int KeptLines = 20;
    private const int LongestLine = 400;
    private readonly Process _process;
    private readonly ILogger _log;
    private readonly string _name;
    private readonly Queue<string> _lastLines = new();
    private readonly Task _drain;
    private volatile bool _killed;

    private ChildProcess(Process process, string name, ILogger log)
    {
        (_process, _name, _log) = (process, name, log);
        Input = process.StandardInput.BaseStream;
        Output = process.StandardOutput.BaseStream;
        _drain = DrainErrorsAsync();
        Exited = WaitAsync();
    }

    public int Id => _process.Id;

    /// <summary>That it ends with 0 is what it was started for.</summary>
    public bool MayEnd { get; init; }

    public Stream Input { get; }

    /// <summary>The owner must read it to its end, or the child stands still when the pipe is full.</summary>
    public Stream Output { get; }

    /// <summary>Ends with the exit code when the child is gone.</summary>
    public Task<int> Exited { get; }

    public static async Task<ChildProcess> StartAsync(
        string name, string program, IEnumerable<string> arguments, ILogger log, IReadOnlyDictionary<string, string>? environment = null, bool mayEnd = false)
    {
        Process process = await Spawner.StartAsync(program, arguments, environment);
        log.ChildStarted(name, process.Id);
        return new ChildProcess(process, name, log) { MayEnd = mayEnd };
    }

    public void Kill()
    {
        _killed = true;
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // Gone already.
        }
    }

    public async ValueTask DisposeAsync()
    {
        Kill();
        await Exited;
        await _drain;
        _process.Dispose();
    }

    private async Task<int> WaitAsync()
    {
        await _process.WaitForExitAsync();
        await _drain;
        string last;
        lock (_lastLines)
        {
            last = string.Join(" | ", _lastLines);
        }

        if (_killed || (MayEnd && _process.ExitCode == 0))
        {
            _log.ChildStopped(_name, _process.Id);
        }
        else
        {
            _log.ChildEnded(_name, _process.Id, _process.ExitCode, last);
        }

        return _process.ExitCode;
    }

    private async Task DrainErrorsAsync()
    {
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            string clean = Credentials().Replace(line.Length > LongestLine ? line[..LongestLine] : line, "//…@");
            lock (_lastLines)
            {
                _lastLines.Enqueue(clean);
                if (_lastLines.Count > KeptLines)
                {
                    _lastLines.Dequeue();
                }
            }

            _log.ChildSaid(_name, clean);
        }
    }

    /// <summary>User and password of a camera's address.</summary>
    [GeneratedRegex("//[^/@\\s]+@")]
    private static partial Regex Credentials();
}
