using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Tests.Hosting;

namespace ThreeClassrooms.Hub.Tests.Accounts;

/// <summary>Signing in, against the hub's real services: what is told, how much is done, what is counted.</summary>
public sealed class SignInTests(SignInTests.CountingHost host) : IClassFixture<SignInTests.CountingHost>
{
    private const string Password = "Right-Password-1";

    private readonly IPAddress _address = IPAddress.Parse($"10.{Random.Shared.Next(256)}.{Random.Shared.Next(256)}.{Random.Shared.Next(1, 255)}");

    [Theory]
    [InlineData("wrong")]
    [InlineData("")]
    [InlineData("300")]
    public async Task KnownAndUnknownName_GetTheSameWorkAndTheSameWords(string kind)
    {
        string password = kind == "300" ? new string('x', 300) : kind;
        var known = await TriesAsync(await PersonAsync(), password, 8);
        var unknown = await TriesAsync("nobody-" + Guid.NewGuid().ToString("N"), password, 8);
        Assert.Equal(known, unknown);
        Assert.Equal(5, known.Count(k => k is (SignInRefusal.BadCredentials, 1))); // one comparison each
        Assert.Equal(3, known.Count(k => k is (SignInRefusal.LockedOut, 0)));
    }

    [Fact]
    public async Task RightPassword_TakesTheWrongTriesBack()
    {
        string person = await PersonAsync();
        for (int round = 0; round < 4; round++)
        {
            await TriesAsync(person, "wrong", 4);
            Assert.Null((await TriesAsync(person, Password, 1))[0].Refusal);
        }
    }

    [Fact]
    public async Task LockedByAStranger_TheOwnNetworkStillGetsIn()
    {
        string person = await PersonAsync();
        await TriesAsync(person, "wrong", 6);
        Assert.Equal(SignInRefusal.LockedOut, (await TriesAsync(person, Password, 1))[0].Refusal);
        Assert.Null((await TryAsync(person, Password, IPAddress.Parse("192.0.2.7"))).Refusal);
    }

    [Fact]
    public async Task NewPassword_EndsTheLock()
    {
        string person = await PersonAsync();
        await TriesAsync(person, "wrong", 6);
        await host.WithAsync<UserManager<Account>, bool>(async users =>
        {
            Account account = (await users.FindByNameAsync(person))!;
            await users.RemovePasswordAsync(account);
            return (await users.AddPasswordAsync(account, "Another-Password-2")).Succeeded;
        });
        Assert.Null((await TriesAsync(person, "Another-Password-2", 1))[0].Refusal);
    }

    [Fact]
    public async Task ViewsOfThePage_DoNotCount()
    {
        using HttpClient client = host.Anonymous();
        for (int view = 0; view < 100; view++)
        {
            using HttpResponseMessage answer = await client.GetAsync(new Uri("/signin", UriKind.Relative));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }

    [Fact]
    public void Network_IsBusyAfterItsWrongTries_RightOnesDoNotCount_AndFreeAMinuteLater()
    {
        var options = new AccountsOptions { SignInsPerMinute = 3 };
        var tries = new SignInTries(options);
        DateTimeOffset now = host.Time.Now;
        for (int person = 0; person < 50; person++)
        {
            Assert.Equal(SignInChance.Free, tries.TryBegin($"teacher{person}", "s", _address, now));
            tries.OnRight($"teacher{person}", "s", _address);
        }

        for (int guess = 0; guess < 3; guess++)
        {
            Assert.Equal(SignInChance.Free, tries.TryBegin($"guess{guess}", "", _address, now));
        }

        Assert.Equal(SignInChance.NetworkBusy, tries.TryBegin("another", "", _address, now));
        Assert.Equal(SignInChance.Free, tries.TryBegin("another", "", IPAddress.Parse("192.0.2.9"), now));
        Assert.Equal(SignInChance.Free, tries.TryBegin("another", "", _address, now.AddMinutes(1)));
        Assert.Equal(SignInTries.NetworkOf(IPAddress.Parse("2001:db8:0:7::1")), SignInTries.NetworkOf(IPAddress.Parse("2001:db8:0:7:ffff::2")));
        Assert.Equal(SignInTries.NetworkOf(IPAddress.Parse("192.0.2.9")), SignInTries.NetworkOf(IPAddress.Parse("::ffff:192.0.2.9")));
    }

    private async Task<string> PersonAsync()
    {
        string login = "u" + Guid.NewGuid().ToString("N")[..8];
        await host.WithAsync<UserManager<Account>, bool>(async users =>
            (await users.CreateAsync(new Account { Id = Guid.NewGuid(), UserName = login, DisplayName = "王秀兰" }, Password)).Succeeded);
        return login;
    }

    private async Task<List<(SignInRefusal? Refusal, int Compared)>> TriesAsync(string login, string password, int times)
    {
        List<(SignInRefusal?, int)> all = [];
        for (int i = 0; i < times; i++)
        {
            all.Add(await TryAsync(login, password, _address));
        }

        return all;
    }

    private async Task<(SignInRefusal? Refusal, int Compared)> TryAsync(string login, string password, IPAddress address)
    {
        await using AsyncServiceScope scope = host.Services.CreateAsyncScope();
        var context = new DefaultHttpContext { RequestServices = scope.ServiceProvider, Connection = { RemoteIpAddress = address } };
        scope.ServiceProvider.GetRequiredService<IHttpContextAccessor>().HttpContext = context;
        CountingHasher.Compared.Value = new();
        Result<Account, SignInRefusal> result = await scope.ServiceProvider.GetRequiredService<SignIn>().InAsync(login, password);
        return (result.IsOk ? null : result.Refusal, CountingHasher.Compared.Value.Value);
    }

    /// <summary>The hub with a hasher that counts how often it is asked to compare.</summary>
    public sealed class CountingHost : HubHost
    {
        public CountingHost() => Settings["Accounts:SignInsPerMinute"] = "1000";

        protected override void ConfigureWebHost(Microsoft.AspNetCore.Hosting.IWebHostBuilder builder)
        {
            base.ConfigureWebHost(builder);
            Microsoft.AspNetCore.TestHost.WebHostBuilderExtensions.ConfigureTestServices(
                builder, services => services.Replace(ServiceDescriptor.Scoped<IPasswordHasher<Account>, CountingHasher>()));
        }
    }

    private sealed class CountingHasher : PasswordHasher<Account>
    {
        public static readonly AsyncLocal<System.Runtime.CompilerServices.StrongBox<int>> Compared = new();

        public override PasswordVerificationResult VerifyHashedPassword(Account user, string hashedPassword, string providedPassword)
        {
            Compared.Value!.Value++;
            return base.VerifyHashedPassword(user, hashedPassword, providedPassword);
        }
    }
}
