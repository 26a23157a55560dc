using System.Collections.Concurrent;
using System.Diagnostics;

namespace ThreeClassrooms.EndToEnd.Stage;

/// <summary>A program of the story under test: its output is kept, it can be killed without warning, and it never outlives the test.</summary>
public sealed class ChildProcess : IDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();

    private ChildProcess(Process process) => _process = process;

    public IReadOnlyCollection<string> Lines => _lines;

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    public int Id => _process.Id;

    public static ChildProcess Start(string file, IEnumerable<string> arguments, string? folder = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = folder ?? Environment.CurrentDirectory,
        };
        foreach (var (key, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[key] = value;
        }

        var child = new ChildProcess(new Process { StartInfo = start });
        child._process.OutputDataReceived += (_, e) => child.Keep(e.Data);
        child._process.ErrorDataReceived += (_, e) => child.Keep(e.Data);
        child._process.Start();
        child._process.BeginOutputReadLine();
        child._process.BeginErrorReadLine();
        return child;
    }

    /// <summary>SIGKILL to the process alone, or to it and everything it started.</summary>
    public void Kill(bool tree = false)
    {
        if (!_process.HasExited)
        {
            _process.Kill(tree);
            _process.WaitForExit();
        }
    }

    public async Task<string> LineAsync(Func<string, bool> wanted, TimeSpan within)
    {
        string? found = null;
        await Eventually.IsTrueAsync(() => (found = _lines.FirstOrDefault(wanted)) is not null || _process.HasExited, within, () => $"no such line.\n{Tail()}");
        return found ?? throw new InvalidOperationException($"The process ended with {_process.ExitCode}.\n{Tail()}");
    }

    /// <summary>Waits until it has ended and what it said last has been read.</summary>
    public async Task ExitAsync(TimeSpan within)
    {
        await Eventually.IsTrueAsync(() => _process.HasExited, within, () => $"still running.\n{Tail()}");
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            // A program that it started holds its output open.
        }
    }

    public string Tail(int lines = 40) => string.Join('\n', _lines.TakeLast(lines));

    public void Dispose()
    {
        Kill(tree: true);
        _process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is not null)
        {
            _lines.Enqueue(line);
        }
    }
}
