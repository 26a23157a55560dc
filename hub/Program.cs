using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Credit;
using ThreeClassrooms.Hub.Hosting;
using ThreeClassrooms.Hub.Seeding;
using ThreeClassrooms.Hub.Shell;
using ThreeClassrooms.Hub.Storage;
using ThreeClassrooms.Hub.Streams;
using ThreeClassrooms.Hub.Timetable;

// 1. Configuration: everything wrong with it is said at once, before anything is started, bound or created.
WebApplicationBuilder builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
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
    .AddTimetable()
    .AddCredit(policy)
    .AddSeeding()
    .AddStreams()
    .AddRateLimits()
    .AddShell();

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
app.MapStreams();
app.MapShell();

// 4. Run.
await app.Services.MigrateAsync();
await app.Services.SeedAsync(settings.Get<HubOptions>().SeedCounty);
await app.RunAsync();
return 0;
