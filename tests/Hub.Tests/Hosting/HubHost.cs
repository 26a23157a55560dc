using System.Net;
using System.Net.Sockets;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.TestKit.Time;

namespace ThreeClassrooms.Hub.Tests.Hosting;

/// <summary>The whole hub in this process, on a real SQLite file in a folder of its own and a clock that the test moves.</summary>
public class HubHost : WebApplicationFactory<Program>
{
    /// <summary>The data folder; removed with the host.</summary>
    public string Folder { get; } = Path.Combine(Path.GetTempPath(), "hub-tests-" + Guid.NewGuid().ToString("N"));

    public ManualTime Time { get; } = new();

    /// <summary>Options by key, e.g. <c>Devices:EnrolmentsPerMinute</c>; set before the first use of the host.</summary>
    public Dictionary<string, string> Settings { get; } = new()
    {
        ["Mqtt:Mode"] = "Off",
        ["Devices:EnrolmentsPerMinute"] = "1000",
        ["Devices:TokensPerMinute"] = "10000",
        ["Serilog:MinimumLevel"] = "Error",
    };

    /// <summary>A client without cookies that follows no redirects.</summary>
    public HttpClient Anonymous() => CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false, HandleCookies = false });

    /// <summary>A client with the cookie of a new person in these roles.</summary>
    public async Task<HttpClient> SignedInAsync(params string[] roles)
    {
        await using AsyncServiceScope scope = Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<Account>>();
        var known = scope.ServiceProvider.GetRequiredService<RoleManager<IdentityRole<Guid>>>();
        var account = new Account { Id = Guid.NewGuid(), UserName = "u" + Guid.NewGuid().ToString("N")[..8], DisplayName = "王秀兰" };
        Assert.True((await users.CreateAsync(account)).Succeeded);
        foreach (string role in roles)
        {
            Assert.True(await known.RoleExistsAsync(role) || (await known.CreateAsync(new IdentityRole<Guid>(role))).Succeeded);
            Assert.True((await users.AddToRoleAsync(account, role)).Succeeded);
        }

        ClaimsPrincipal principal = await scope.ServiceProvider.GetRequiredService<SignInManager<Account>>().CreateUserPrincipalAsync(account);
        await scope.ServiceProvider.GetRequiredService<Sessions>().BeginAsync(principal);
        CookieAuthenticationOptions cookie = scope.ServiceProvider.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>()
            .Get(IdentityConstants.ApplicationScheme);
        var properties = new AuthenticationProperties { IssuedUtc = Time.Now, ExpiresUtc = Time.Now.AddHours(8) };
        string ticket = cookie.TicketDataFormat.Protect(new AuthenticationTicket(principal, properties, IdentityConstants.ApplicationScheme));
        HttpClient client = Anonymous();
        client.DefaultRequestHeaders.Add("Cookie", $"{cookie.Cookie.Name}={ticket}");
        return client;
    }

    /// <summary>Runs something with the hub's own services.</summary>
    public async Task<T> WithAsync<TService, T>(Func<TService, Task<T>> use)
        where TService : notnull
    {
        await using AsyncServiceScope scope = Services.CreateAsyncScope();
        return await use(scope.ServiceProvider.GetRequiredService<TService>());
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Production");
        builder.UseSetting("Hub:DataFolder", Folder);
        builder.UseSetting("Hub:Port", FreePort().ToString(System.Globalization.CultureInfo.InvariantCulture));
        foreach ((string key, string value) in Settings)
        {
            builder.UseSetting(key, value);
        }

        builder.ConfigureTestServices(services => services.AddSingleton<TimeProvider>(Time));
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing && Directory.Exists(Folder))
        {
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            Directory.Delete(Folder, recursive: true);
        }
    }

    /// <summary>One that is free for TCP and UDP, in case something in the hub listens for media.</summary>
    private static int FreePort()
    {
        while (true)
        {
            using var tcp = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            using var udp = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            tcp.Bind(new IPEndPoint(IPAddress.Any, 0));
            try
            {
                udp.Bind(new IPEndPoint(IPAddress.Any, ((IPEndPoint)tcp.LocalEndPoint!).Port));
                return ((IPEndPoint)tcp.LocalEndPoint!).Port;
            }
            catch (SocketException)
            {
                // Taken for UDP: another one.
            }
        }
    }
}
