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
var demo = DemoOptions.Read(args);
WebApplicationBuilder builder = WebApplication.CreateBuilder(
    new WebApplicationOptions { Args = demo?.ToSettings() ?? args, ContentRootPath = AppContext.BaseDirectory });
List<string> faults = [];
builder.Configuration.AddHubFile(faults);
HubSettings settings = HubSettings.Read(builder.Configuration, faults);
CreditPolicy? policy = CreditPolicyFile.Read(ConfigFiles.Find(builder.Configuration, settings.Get<CreditOptions>().PolicyFile), faults);
if (faults.Count > 0 || policy is null)
{
    return HostingFeature.Report(faults);
}

// 2. The features.
demo?.PrepareFolder();
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

if (Usage.Is(args, DemoOptions.Verb, AccountCommand.Verb, ClaimCodeCommand.Verb, SeedingFeature.Verb))
{
    await using var words = (ServiceProvider)new DefaultServiceProviderFactory().CreateServiceProvider(builder.Services);
    await using AsyncServiceScope scope = words.CreateAsyncScope();
    return Usage.Print(args, scope.ServiceProvider.GetRequiredService<Text>(), Console.Out, Console.Error);
}

// A command needs the features but not the port, which a running hub holds.
if (args is [AccountCommand.Verb or ClaimCodeCommand.Verb or SeedingFeature.Verb, ..])
{
    await using var services = (ServiceProvider)new DefaultServiceProviderFactory().CreateServiceProvider(builder.Services);
    await services.MigrateAsync();
    await services.SeedAsync(null);
    return args[0] switch
    {
        AccountCommand.Verb => await AccountCommand.RunAsync(services, Console.Out, Console.Error),
        SeedingFeature.Verb => await services.SeedAsync(args.ElementAtOrDefault(1) ?? "", Console.Error),
        _ => await ClaimCodeCommand.RunAsync(services, Console.Out, Console.Error),
    };
}

// 3. The way of a request.
WebApplication app = builder.Build();
app.UseSecurityHeaders();
app.UseExceptionHandler();
app.UseOriginCheck("/hubs");
app.UseShell();
app.UseAuthentication();
app.UseAuthorization();
app.UseRateLimiter();
app.MapGet("/healthz", () => "ok").AllowAnonymous();
app.MapDevices();
app.MapLessons();
app.MapStreams();
app.MapRecordings();
app.MapShell();

// 4. Run.
await app.Services.MigrateAsync();
await app.Services.SeedAsync(settings.Get<HubOptions>().SeedCounty);
DemoRun? run = app.Services.GetService<DemoRun>();
await app.RunAsync();
return run?.ExitCode ?? 0;
