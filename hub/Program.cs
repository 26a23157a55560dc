using System.Globalization;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Attendance;
using ThreeClassrooms.Hub.Credit;
using ThreeClassrooms.Hub.Demo;
using ThreeClassrooms.Hub.Devices;
using ThreeClassrooms.Hub.Devices.Alerts;
using ThreeClassrooms.Hub.Devices.Alerts.Delivery;
using ThreeClassrooms.Hub.Devices.Fleet;
using ThreeClassrooms.Hub.Devices.Health;
using ThreeClassrooms.Hub.Hosting;
using ThreeClassrooms.Hub.Lessons;
using ThreeClassrooms.Hub.Recordings;
using ThreeClassrooms.Hub.Seeding;
using ThreeClassrooms.Hub.Shell;
using ThreeClassrooms.Hub.Storage;
using ThreeClassrooms.Hub.Streams;
using ThreeClassrooms.Hub.Timetable;

// 1. Configuration: everything wrong with it is said at once, before anything is started, bound or created.
var arguments = HubArguments.Read(args);
CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.CurrentUICulture = arguments.Language ?? CultureInfo.CurrentUICulture;
if (Usage.Is(arguments, DemoOptions.Verb, AccountCommand.Verb, ClaimCodeCommand.Verb, SeedingFeature.Verb))
{
    return Usage.Print(arguments, Console.Out, Console.Error);
}

var demo = DemoOptions.Read(args);
IDisposable? demoFolder = null;
if (demo?.Begin(out demoFolder) is { } cannot)
{
    Console.Error.WriteLine(new DemoText()[cannot, demo.Port, demo.Data]);
    return Usage.Unavailable;
}

using IDisposable? held = demoFolder;
WebApplicationBuilder builder = WebApplication.CreateBuilder(
    new WebApplicationOptions { Args = demo?.ToSettings() ?? [.. arguments.Settings], ContentRootPath = AppContext.BaseDirectory });
List<string> faults = [];
builder.Configuration.AddHubFile(faults);
HubSettings settings = HubSettings.Read(builder.Configuration, faults);
CreditPolicy? policy = CreditPolicyFile.Read(ConfigFiles.Find(builder.Configuration, settings.Get<CreditOptions>().PolicyFile), faults);
if (faults.Count > 0 || policy is null)
{
    return HostingFeature.Report(faults);
}

// 2. The features.
builder.WebHost.UseStaticWebAssets(); // finds wwwroot from the build folder too, in every environment
builder.AddHosting(settings, socket => socket.UseMediaConnections());
builder.Services
    .AddStorage(settings)
    .AddAccounts(settings)
    .AddDeviceHealth() // knows the register before the link hears the first device
    .AddDevices(settings)
    .AddFleetPages()
    .AddAlertDelivery() // the first notice must find the channels
    .AddAlerts()
    .AddTimetable()
    .AddCredit(policy)
    .AddAttendance()
    .AddLessons(settings, policy)
    .AddSeeding()
    .AddRecordings()
    .AddStreams()
    .AddRateLimits()
    .AddShell()
    .AddDemo(demo);

// A command needs the features but not the port, which a running hub holds.
if (arguments.Command is AccountCommand.Verb or ClaimCodeCommand.Verb or SeedingFeature.Verb)
{
    await using var services = (ServiceProvider)new DefaultServiceProviderFactory().CreateServiceProvider(builder.Services);
    await Console.Error.WriteLineAsync(services.SayDatabase());
    await services.MigrateAsync();
    await services.SeedAsync(null);
    return arguments.Command switch
    {
        AccountCommand.Verb => await AccountCommand.RunAsync(services, Console.Out, Console.Error),
        SeedingFeature.Verb => await services.SeedAsync(arguments.Words.ElementAtOrDefault(0) ?? "", Console.In, Console.Error),
        _ => await ClaimCodeCommand.RunAsync(services, Console.Out, Console.Error),
    };
}

// 3. The way of a request.
WebApplication app = builder.Build();
app.UseConnectionGuests();
app.UseSecurityHeaders();
app.UseExceptionHandler();
app.UseOriginCheck("/hubs");
app.UseShell();
app.UseAuthentication();
app.UseAuthorization();
app.UseRateLimiter();
app.UsePageHandlers();
app.MapReadiness();
app.MapDevices();
app.MapLessons();
app.MapStreams();
app.MapRecordings();
app.MapSession();
app.MapShell();

// 4. Run.
await app.Services.MigrateAsync();
await app.Services.SeedAsync(settings.Get<HubOptions>().SeedCounty);
DemoRun? run = app.Services.GetService<DemoRun>();
await app.RunAsync();
return run?.ExitCode ?? 0;
