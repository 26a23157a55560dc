using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ThreeClassrooms.TestKit.Brokers;

/// <summary>A real Mosquitto on a free port of this machine, with a configuration of the test's; can be killed and started again on the same port and folder.</summary>
public sealed class BrokerProcess : IDisposable
{
    private readonly ConcurrentQueue<string> _lines = new();
    private Process? _process;

    private BrokerProcess(string folder, int port) => (Folder, Port) = (folder, port);

    public string Folder { get; }

    public int Port { get; }

    public IReadOnlyCollection<string> Lines => _lines;

    public static string Program { get; } = new[] { "/usr/sbin/mosquitto", "/usr/bin/mosquitto", "/usr/local/sbin/mosquitto" }.First(File.Exists);

    /// <param name="configuration">Lines of mosquitto.conf; <c>@PORT@</c> and <c>@FOLDER@</c> are filled in. Null: anybody may connect.</param>
    public static Task<BrokerProcess> StartAsync(IEnumerable<string>? configuration = null, Action<string>? prepare = null) => StartAsync((folder, port) =>
    {
        prepare?.Invoke(folder);
        string[] lines = [.. configuration ?? ["listener @PORT@ 127.0.0.1", "allow_anonymous true"], "log_dest stderr", $"user {Environment.UserName}"];
        return string.Join('\n', lines.Select(l => l
            .Replace("@PORT@", port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("@FOLDER@", folder, StringComparison.Ordinal)));
    });

    /// <param name="write">Gets the folder and the port; gives mosquitto.conf.</param>
    public static async Task<BrokerProcess> StartAsync(Func<string, int, string> write)
    {
        var broker = new BrokerProcess(Directory.CreateTempSubdirectory("broker-").FullName, FreePort());
        await File.WriteAllTextAsync(broker.ConfigurationFile, write(broker.Folder, broker.Port));
        await broker.StartAgainAsync();
        return broker;
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public async Task StartAgainAsync()
    {
        _process?.Dispose();
        _process = new Process
        {
            StartInfo = new ProcessStartInfo(Program, ["-c", ConfigurationFile, "-v"]) { RedirectStandardError = true, RedirectStandardOutput = true },
        };
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.Start();
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
        await Until.TrueAsync(IsListening, () => string.Join('\n', _lines));
    }

    /// <summary>kill −9.</summary>
    public void Kill()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill();
            _process.WaitForExit();
        }
    }

    public void Dispose()
    {
        Kill();
        _process?.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private string ConfigurationFile => Path.Combine(Folder, "mosquitto.conf");

    private bool IsListening()
    {
        if (_process!.HasExited)
        {
            throw new InvalidOperationException("The broker ended:\n" + string.Join('\n', _lines));
        }

        try
        {
            using var client = new TcpClient();
            client.Connect(IPAddress.Loopback, Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private void Keep(string? line)
    {
        if (line is not null)
        {
            _lines.Enqueue(line);
        }
    }
}
