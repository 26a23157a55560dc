using System.Collections.Concurrent;
using System.Diagnostics;

namespace ThreeClassrooms.Agent.Children;

/// <summary>
/// Starts child processes from one thread that lives as long as the agent. The kernel's parent-death signal belongs to the
/// <em>thread</em> that forked; a pool thread that retires would take its children with it.
/// </summary>
internal static class Spawner
{
    private static readonly BlockingCollection<Action> Work = [];

    /// <summary>Present on every Debian (util-linux); without it children still die with an orderly end of the agent.</summary>
    private static readonly string? Setpriv = new[] { "/usr/bin/setpriv", "/bin/setpriv" }.FirstOrDefault(File.Exists);

    static Spawner()
    {
        new Thread(Run) { IsBackground = true, Name = "spawner" }.Start();
    }

    /// <summary>Starts a program that the kernel kills when the agent dies, however it dies.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">The program is not there.</exception>
    public static Task<Process> StartAsync(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(Setpriv ?? program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        string[] prefix = Setpriv is null ? [] : ["--pdeathsig", "KILL", "--", program];
        foreach (string argument in prefix.Concat(arguments))
        {
            start.ArgumentList.Add(argument);
        }

        foreach ((string key, string value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[key] = value;
        }

        var done = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        Work.Add(() =>
        {
            try
            {
                done.SetResult(Process.Start(start)!);
            }
            catch (Exception e) when (e is System.ComponentModel.Win32Exception or InvalidOperationException or IOException)
            {
                done.SetException(e);
            }
        });
        return done.Task;
    }

    private static void Run()
    {
        foreach (Action action in Work.GetConsumingEnumerable())
        {
            action();
        }
    }
}
