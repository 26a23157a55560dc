using Microsoft.AspNetCore.Identity;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Hub.Accounts;

/// <summary>Why somebody was not signed in.</summary>
internal enum SignInRefusal
{
    /// <summary>Unknown name or wrong password; which of the two is not told.</summary>
    BadCredentials,

    /// <summary>Too many wrong passwords for this name; try again after the lock-out. Told of names that do not exist as well.</summary>
    LockedOut,

    /// <summary>Too many wrong passwords from this network; try again in a minute.</summary>
    NetworkBusy,
}

/// <summary>Signs people in and out and writes it down. Names that exist and names that do not get the same work and the same answers.</summary>
internal sealed class SignIn(
    SignInManager<Account> manager, UserManager<Account> users, SignInTries tries, AuditTrail audit, IHttpContextAccessor http, TimeProvider clock)
{
    /// <summary>Longer ones are wrong whatever they are; they cost the same work as others.</summary>
    public const int LongestPassword = 256;

    private const int LongestName = 256;

    /// <summary>What a password is compared with where there is none.</summary>
    private static readonly string NobodysHash = new PasswordHasher<Account>().HashPassword(new Account(), Guid.NewGuid().ToString());

    /// <summary>Sets the cookie on the current response when the password is right.</summary>
    public async Task<Result<Account, SignInRefusal>> InAsync(string login, string password)
    {
        System.Net.IPAddress? address = http.HttpContext?.Connection.RemoteIpAddress;
        string name = login.Length <= LongestName ? login : login[..LongestName];
        Account? account = await users.FindByNameAsync(name);
        string stamp = account?.SecurityStamp ?? "";
        switch (tries.TryBegin(name, stamp, address, clock.GetUtcNow()))
        {
            case SignInChance.NameLocked:
                return SignInRefusal.LockedOut;
            case SignInChance.NetworkBusy:
                return SignInRefusal.NetworkBusy;
            case SignInChance.Free:
                break;
        }

        bool right = IsRight(account, password);
        if (account is null || !right)
        {
            bool locked = tries.IsLocked(name, stamp, address, clock.GetUtcNow());
            string shown = account?.UserName ?? (name.Length <= 64 ? name : name[..64]);
            await audit.WriteAsync(locked ? AuditAction.LockedOut : AuditAction.SignInFailed, account?.Id, account?.UserName ?? "", shown);
            return SignInRefusal.BadCredentials;
        }

        tries.OnRight(name, stamp, address);
        if (await users.IsLockedOutAsync(account) || !await manager.CanSignInAsync(account))
        {
            await audit.WriteAsync(AuditAction.LockedOut, account.Id, account.UserName!, account.UserName!);
            return SignInRefusal.LockedOut; // told only to one who knows the password
        }

        await manager.SignInAsync(account, isPersistent: false);
        await audit.WriteAsync(AuditAction.SignedIn, account.Id, account.UserName!, account.UserName!);
        return account;
    }

    private bool IsRight(Account? account, string password)
    {
        bool fits = password.Length <= LongestPassword && account?.PasswordHash is not null;
        PasswordVerificationResult compared = users.PasswordHasher.VerifyHashedPassword(
            account ?? new Account(), account?.PasswordHash ?? NobodysHash, password.Length <= LongestPassword ? password : password[..LongestPassword]);
        return fits && compared != PasswordVerificationResult.Failed;
    }

    public async Task OutAsync(Caller caller)
    {
        await manager.SignOutAsync();
        await audit.WriteAsync(AuditAction.SignedOut, caller.AccountId, caller.Login, caller.Login);
    }
}
