using System.Globalization;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using ThreeClassrooms.Hub.Accounts;

namespace ThreeClassrooms.Hub.Tests.Hosting;

public sealed class AccountCommandTests(HubHost host) : IClassFixture<HubHost>
{
    [Fact]
    public async Task NewAccount_SignsInWithThePrintedPassword_AndHasItsRoles()
    {
        (int exit, string output) = await RunAsync(("login", "chief"), ("role", "SystemAdmin,CountyStaff"));

        Assert.Equal(0, exit);
        Assert.True(await host.WithAsync<UserManager<Account>, bool>(async users =>
        {
            Account account = (await users.FindByNameAsync("chief"))!;
            return await users.CheckPasswordAsync(account, PasswordOf(output)) && await users.IsInRoleAsync(account, Roles.CountyStaff);
        }));
    }

    [Fact]
    public async Task KnownAccount_GetsANewPassword_TheOldOneIsGone()
    {
        (_, string before) = await RunAsync(("login", "second"));
        (_, string after) = await RunAsync(("login", "second"));

        Assert.Equal((false, true), await host.WithAsync<UserManager<Account>, (bool, bool)>(async users =>
        {
            Account account = (await users.FindByNameAsync("second"))!;
            return (await users.CheckPasswordAsync(account, PasswordOf(before)), await users.CheckPasswordAsync(account, PasswordOf(after)));
        }));
    }

    [Fact]
    public async Task FirstAccount_IsMadeOnlyWhereThereIsNone()
    {
        await RunAsync(("login", "somebody"));
        Assert.Equal((0, ""), await RunAsync(("login", "admin"), ("first", "true")));
    }

    [Fact]
    public async Task FirstAccounts_HaveOneRoleEach_AndAreMadeOnce()
    {
        await using var fresh = new HubHost();
        (int exit, string output) = await RunAsync(fresh, ("first", "true"));
        Assert.Equal(0, exit);
        List<(string, string)> made = await fresh.WithAsync<UserManager<Account>, List<(string, string)>>(async users =>
        {
            List<(string, string)> all = [];
            foreach (Account account in users.Users.OrderBy(u => u.UserName).ToList())
            {
                all.Add((account.UserName!, Assert.Single(await users.GetRolesAsync(account))));
                string line = output.Split('\n').Single(l => l.Contains(account.UserName!, StringComparison.Ordinal));
                Assert.True(await users.CheckPasswordAsync(account, line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[3]));
            }

            return all;
        });
        Assert.Equal([("admin", Roles.SystemAdmin), ("county", Roles.CountyStaff)], made);
        Assert.Equal((0, ""), await RunAsync(fresh, ("first", "true")));
    }

    [Theory]
    [InlineData("", "SystemAdmin")]
    [InlineData("x", "Emperor")]
    public async Task WrongArguments_AreRefused(string login, string role) =>
        Assert.Equal(AccountCommand.BadUsage, (await RunAsync(("login", login), ("role", role))).Exit);

    private static string PasswordOf(string output) => output.Split('\n')[1].Split(' ', StringSplitOptions.RemoveEmptyEntries)[^1].Trim();

    private Task<(int Exit, string Output)> RunAsync(params (string Key, string Value)[] arguments) => RunAsync(host, arguments);

    private static async Task<(int Exit, string Output)> RunAsync(HubHost host, params (string Key, string Value)[] arguments)
    {
        IConfiguration configuration = host.Services.GetRequiredService<IConfiguration>();
        foreach (string key in new[] { "login", "role", "first", "name" })
        {
            configuration[key] = arguments.FirstOrDefault(a => a.Key == key).Value;
        }

        using var output = new StringWriter(CultureInfo.InvariantCulture);
        return (await AccountCommand.RunAsync(host.Services, output, TextWriter.Null), output.ToString());
    }
}
