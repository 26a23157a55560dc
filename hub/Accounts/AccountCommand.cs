using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Hub.Shell;

namespace ThreeClassrooms.Hub.Accounts;

/// <summary>
/// <c>account --login NAME [--name SHOWN] [--role ROLE,ROLE] [--first true]</c>: the operator makes an account at the hub's own machine, or gives an
/// existing one a new password; <c>account --first</c> makes the first accounts of a new installation. Works on the database beside a running hub. The password is shown once and stored only as its hash.
/// </summary>
internal static class AccountCommand
{
    public const string Verb = "account";

    /// <summary>Wrong arguments (sysexits EX_USAGE).</summary>
    public const int BadUsage = 64;

    private const string Letters = "abcdefghjkmnpqrstuvwxyz", Capitals = "ABCDEFGHJKLMNPQRSTUVWXYZ", Digits = "23456789";

    /// <summary>One role each.</summary>
    private static readonly (string Login, string Role)[] First = [("admin", Roles.SystemAdmin), ("county", Roles.CountyStaff)];

    /// <returns>The process's exit code.</returns>
    public static async Task<int> RunAsync(IServiceProvider services, TextWriter output, TextWriter errors)
    {
        await using AsyncServiceScope scope = services.CreateAsyncScope();
        var text = scope.ServiceProvider.GetRequiredService<Text>();
        var configuration = scope.ServiceProvider.GetRequiredService<IConfiguration>();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<Account>>();
        string[] roles = (configuration["role"] ?? Roles.SystemAdmin).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (configuration["first"] is not null && configuration["login"] is null)
        {
            return await MakeFirstAsync(scope.ServiceProvider, output);
        }

        if (configuration["login"] is not { Length: > 0 } login || roles.Length == 0 || roles.Except(Roles.All).Any())
        {
            await errors.WriteLineAsync(text["Account.Usage", string.Join(", ", Roles.All)]);
            return BadUsage;
        }

        if (configuration["first"] is not null && await users.Users.AnyAsync())
        {
            return 0; // an installation that is repeated changes nothing
        }

        string password = NewPassword();
        IdentityResult result = await SaveAsync(users, login, configuration["name"] ?? login, roles, password);
        if (!result.Succeeded)
        {
            await errors.WriteLineAsync(text["Account.Refused", string.Join(' ', result.Errors.Select(e => e.Description))]);
            return BadUsage;
        }

        await scope.ServiceProvider.GetRequiredService<AuditTrail>().WriteAsync(AuditAction.SetPassword, null, "operator", login, string.Join(',', roles));
        await output.WriteLineAsync(text["Account.Done", login, password]);
        return 0;
    }

    /// <summary>The accounts of a new installation: who keeps the system does not also keep its devices and lessons (GB/T 22239: separated roles).</summary>
    private static async Task<int> MakeFirstAsync(IServiceProvider services, TextWriter output)
    {
        var users = services.GetRequiredService<UserManager<Account>>();
        Text text = services.GetRequiredService<Text>();
        if (await users.Users.AnyAsync())
        {
            return 0; // an installation that is repeated changes nothing
        }

        foreach ((string login, string role) in First)
        {
            string password = NewPassword();
            IdentityResult made = await SaveAsync(users, login, text["Role." + role], [role], password);
            if (!made.Succeeded)
            {
                throw new InvalidOperationException(string.Join(' ', made.Errors.Select(e => e.Description)));
            }

            await services.GetRequiredService<AuditTrail>().WriteAsync(AuditAction.SetPassword, null, "operator", login, role);
            await output.WriteLineAsync(text["Account.First", login, password, text["Role." + role]]);
        }

        await output.WriteLineAsync(text["Account.Once"]);
        return 0;
    }

    private static async Task<IdentityResult> SaveAsync(UserManager<Account> users, string login, string name, string[] roles, string password)
    {
        if (await users.FindByNameAsync(login) is { } known)
        {
            await users.SetLockoutEndDateAsync(known, null);
            await users.RemovePasswordAsync(known);
            return await users.AddPasswordAsync(known, password);
        }

        var account = new Account { Id = Guid.CreateVersion7(), UserName = login, DisplayName = name };
        IdentityResult made = await users.CreateAsync(account, password);
        return made.Succeeded ? await users.AddToRolesAsync(account, roles) : made;
    }

    /// <summary>16 characters that nobody confuses when reading them out: letters, capitals and digits.</summary>
    private static string NewPassword() =>
        RandomNumberGenerator.GetString(Letters, 6) + RandomNumberGenerator.GetString(Capitals, 5) + RandomNumberGenerator.GetString(Digits, 5);
}
