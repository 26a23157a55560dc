using System.Diagnostics;
using System.Globalization;

namespace ThreeClassrooms.Benchmarks.Fleet;

/// <summary>A program under measurement: its processor time and memory, from proc(5).</summary>
/// <param name="owned">It ends with this object.</param>
internal sealed class WatchedProgram(Process process, bool owned) : IDisposable
{
    private const double TicksPerSecond = 100; // USER_HZ

    public int Id => process.Id;

    public bool HasEnded => process.HasExited;

    public static WatchedProgram Start(string log, params string[] command)
    {
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        Process process = Process.Start(start)!;
        var file = new StreamWriter(log, append: true) { AutoFlush = true };
        DataReceivedEventHandler keep = (_, line) =>
        {
            lock (file)
            {
                file.WriteLine(line.Data);
            }
        };
        process.OutputDataReceived += keep;
        process.ErrorDataReceived += keep;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new WatchedProgram(process, owned: true);
    }

    /// <returns>The child of this name; null: there is none.</returns>
    public WatchedProgram? Child(string name)
    {
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out int id) && Stat(id) is { } stat
                && stat.Name == name && stat.Fields[0] != "Z" && stat.Fields[1] == Id.ToString(CultureInfo.InvariantCulture))
            {
                return new WatchedProgram(Process.GetProcessById(id), owned: false);
            }
        }

        return null;
    }

    public TimeSpan ProcessorTime()
    {
        string[] fields = Stat(Id)?.Fields ?? throw new InvalidOperationException("The program has ended.");
        return TimeSpan.FromSeconds((double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond);
    }

    /// <summary>Resident, MiB.</summary>
    public double Memory() => Number("VmRSS:") / 1024.0;

    /// <summary>The most that was ever resident, MiB.</summary>
    public double MostMemory() => Number("VmHWM:") / 1024.0;

    public int Threads() => (int)Number("Threads:");

    /// <summary>kill −9.</summary>
    public void Kill()
    {
        process.Kill();
        process.WaitForExit();
    }

    /// <summary>SIGTERM, and waits.</summary>
    public void Stop()
    {
        using var kill = Process.Start("kill", ["-TERM", Id.ToString(CultureInfo.InvariantCulture)]);
        if (!process.WaitForExit(TimeSpan.FromSeconds(20)))
        {
            Kill();
        }
    }

    public void Dispose()
    {
        try
        {
            if (owned && !process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
        catch (InvalidOperationException)
        {
            // It has ended.
        }

        process.Dispose();
    }

    private static (string Name, string[] Fields)? Stat(int id)
    {
        try
        {
            string line = File.ReadAllText($"/proc/{id}/stat");
            int open = line.IndexOf('(', StringComparison.Ordinal), close = line.LastIndexOf(')');
            return (line[(open + 1)..close], line[(close + 2)..].Split(' '));
        }
        catch (IOException)
        {
            return null;
        }
    }

    private long Number(string key)
    {
        string line = File.ReadLines($"/proc/{Id}/status").First(l => l.StartsWith(key, StringComparison.Ordinal));
        return long.Parse(line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }
}
