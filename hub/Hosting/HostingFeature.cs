using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Serilog;
using Serilog.Events;

namespace ThreeClassrooms.Hub.Hosting;

/// <summary>The ground under the features: data folder, log, keys, the one port.</summary>
internal static class HostingFeature
{
    /// <summary>What every exit of a misconfigured hub returns (sysexits EX_CONFIG).</summary>
    public const int BadConfiguration = 78;

    /// <param name="beforeTls">What looks at a connection's first bytes before TLS does.</param>
    public static void AddHosting(this WebApplicationBuilder builder, HubSettings settings, Action<ListenOptions> beforeTls)
    {
        HubOptions hub = settings.Get<HubOptions>();
        var folder = new DataFolder(hub.DataFolder);
        folder.Make("");
        settings.AddTo(builder.Services);
        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton(folder);
        builder.Services.AddSingleton(new SteadyTime(TimeProvider.System));
        builder.Services.AddSingleton<TimeProvider>(s => s.GetRequiredService<SteadyTime>());
        builder.Services.AddSingleton<CountyTime>();
        builder.Services.AddSingleton<HubCertificate>();
        builder.Services.AddHostedService<Upkeep>();
        var troubles = new HubTroubles();
        List<string> aside = [];
        builder.Services.AddSingleton(troubles);
        builder.Services.AddKeyRing(folder, aside.Add);
        builder.Services.AddProblemDetails();
        AddLogging(builder, folder, aside, troubles);
        builder.WebHost.ConfigureKestrel(kestrel => Listen(kestrel, hub, beforeTls));
    }

    /// <summary>Prints every fault to the error stream.</summary>
    /// <returns>The process's exit code.</returns>
    public static int Report(IReadOnlyCollection<string> faults)
    {
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"The configuration has {faults.Count} fault(s); nothing was started:"));
        foreach (string fault in faults)
        {
            Console.Error.WriteLine("  " + fault);
        }

        return BadConfiguration;
    }

    private static void Listen(KestrelServerOptions kestrel, HubOptions hub, Action<ListenOptions> beforeTls)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = 1 << 20; // the largest body is a timetable import; media does not come this way
        kestrel.Limits.MaxRequestHeadersTotalSize = 16 << 10;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(90); // longer than clients keep an idle one
        HubCertificate certificate = kestrel.ApplicationServices.GetRequiredService<HubCertificate>();
        kestrel.Listen(certificate.Served is null ? IPAddress.Loopback : IPAddress.Parse(hub.Listen), hub.Port, socket =>
        {
            beforeTls(socket);
            if (certificate.Served is null)
            {
                socket.Protocols = HttpProtocols.Http1;
            }
            else
            {
                socket.UseHttps(tls => tls.ServerCertificateSelector = (_, _) => certificate.Served);
            }
        });
    }

    private static void AddLogging(WebApplicationBuilder builder, DataFolder folder, IReadOnlyList<string> aside, HubTroubles troubles)
    {
        var log = new LoggerConfiguration()
            .MinimumLevel.Information()
            .MinimumLevel.Override("Microsoft.AspNetCore", LogEventLevel.Warning)
            .MinimumLevel.Override("Microsoft.EntityFrameworkCore", LogEventLevel.Warning)
            .ReadFrom.Configuration(builder.Configuration)
            .WriteTo.Console(new LogLines("[{Timestamp:HH:mm:ss} {Level:u3}] {Message:l}"))
            .WriteTo.File(
                new LogLines("{Timestamp:yyyy-MM-dd HH:mm:ss.fff zzz} [{Level:u3}] {Message:l}"), Path.Combine(folder.Logs, "hub-.log"), rollingInterval: RollingInterval.Day,
                retainedFileCountLimit: 200, fileSizeLimitBytes: 100 << 20, rollOnFileSizeLimit: true, shared: true)
            .CreateLogger();
        builder.Logging.ClearProviders().AddSerilog(log, dispose: true);
        foreach (string file in aside)
        {
            troubles.Set(HubTrouble.FileSetAside, Path.GetFileName(file));
            log.Error("A damaged file of the key ring was set aside: {File}", file);
        }
    }
}
