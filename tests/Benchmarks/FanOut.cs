using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using ThreeClassrooms.Hub.Streams.Loops;
using ThreeClassrooms.Media.Dtls;
using ThreeClassrooms.Media.Time;

namespace ThreeClassrooms.Benchmarks;

/// <summary>Publishers and watchers over loopback against the media driver in a process of its own, whose processor time is what is measured.</summary>
internal static class FanOut
{
    private const string Token = "secret";

    /// <summary>A table over several sizes.</summary>
    public static async Task RunAsync(Arguments arguments)
    {
        PrintMachine();
        Console.WriteLine("| rooms x watchers | packets/s | CPU % of a core | CPU us per packet | delay p50 / p99 / p99.9 ms | RSS per watcher KiB |");
        Console.WriteLine("|---|--:|--:|--:|--:|--:|");
        foreach (string size in arguments.Text("sizes", "1x1,1x10,1x30,1x100,10x5").Split(','))
        {
            string[] parts = size.Split('x');
            Console.WriteLine((await MeasureAsync(
                int.Parse(parts[0], CultureInfo.InvariantCulture), int.Parse(parts[1], CultureInfo.InvariantCulture),
                arguments.Number("seconds", 10), arguments.Number("port", 8600))).Row(size));
        }
    }

    /// <summary>One lesson, three classrooms, 2 Mbit/s.</summary>
    public static async Task RunLessonAsync(Arguments arguments)
    {
        PrintMachine();
        Figures figures = await MeasureAsync(1, 3, arguments.Number("seconds", 20), arguments.Number("port", 8600));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"one lesson, three classrooms at 2 Mbit/s: {figures.CpuPercent:F1} % of a core in the hub ({figures.PacketsPerSecond:F0} packets/s, {figures.MicrosPerPacket:F1} us each)"));
    }

    private static async Task<Figures> MeasureAsync(int rooms, int watchers, int seconds, int port)
    {
        using Process server = StartServer(port);
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        using var identity = DtlsIdentity.Create(DateTimeOffset.UtcNow.AddDays(-1));
        var load = new LoadThread();
        try
        {
            for (int room = 0; room < rooms; room++)
            {
                load.Publish(await LoadPeer.ConnectAsync(http, $"/whip/{room}", Token, identity, publish: true));
            }

            await load.AllConnectedAsync();
            await Task.Delay(500);
            server.Refresh();
            long memory = server.WorkingSet64;
            for (int i = 0; i < rooms * watchers; i++)
            {
                load.Watch(await LoadPeer.ConnectAsync(http, $"/whep/{i % rooms}", Token, identity, publish: false));
            }

            await load.AllConnectedAsync();
            await Task.Delay(2000);
            server.Refresh();
            (TimeSpan cpu, long received, MonoTime began) = (server.TotalProcessorTime, load.Received, MonoClock.Now);
            load.Measure(true);
            await Task.Delay(TimeSpan.FromSeconds(seconds));
            load.Measure(false);
            server.Refresh();
            return new Figures(
                load.Received - received, server.TotalProcessorTime - cpu, MonoClock.Now - began, load.Delays(),
                (server.WorkingSet64 - memory) / (rooms * watchers));
        }
        finally
        {
            load.Stop();
            server.Kill();
            await server.WaitForExitAsync();
        }
    }

    private static Process StartServer(int port)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(typeof(FanOut).Assembly.Location);
        }

        foreach (string argument in (string[])["serve", "--port", port.ToString(CultureInfo.InvariantCulture), "--token", Token])
        {
            start.ArgumentList.Add(argument);
        }

        Process server = Process.Start(start)!;
        server.StandardOutput.ReadLine(); // it listens when it speaks
        return server;
    }

    private static void PrintMachine() => Console.WriteLine(
        $"{Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}; client and server on this machine; the delay includes the client's nap of up to 1 ms");

    private sealed record Figures(long Packets, TimeSpan Cpu, TimeSpan Length, List<double> Delays, long BytesPerWatcher)
    {
        public double PacketsPerSecond => Packets / Length.TotalSeconds;

        public double CpuPercent => 100 * (Cpu / Length);

        public double MicrosPerPacket => Cpu.TotalMicroseconds / Math.Max(1, Packets);

        public string Row(string size) => string.Create(
            CultureInfo.InvariantCulture,
            $"| {size} | {PacketsPerSecond:F0} | {CpuPercent:F1} | {MicrosPerPacket:F2} | {Delay(0.5):F2} / {Delay(0.99):F2} / {Delay(0.999):F2} | {BytesPerWatcher / 1024} |");

        private double Delay(double share) => Delays.Count == 0 ? 0 : Delays[(int)((Delays.Count - 1) * share)];
    }
}
