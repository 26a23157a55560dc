using Microsoft.AspNetCore.Identity;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Hub.Accounts;

/// <summary>Why somebody was not signed in.</summary>
internal enum SignInRefusal
{
    /// <summary>Unknown name or wrong password; which of the two is not told.</summary>
    BadCredentials,

    /// <summary>Too many wrong passwords; try again after the lock-out.</summary>
    LockedOut,
}

/// <summary>Signs people in and out and writes it down.</summary>
internal sealed class SignIn(SignInManager<Account> manager, UserManager<Account> users, AuditTrail audit)
{
    /// <summary>Sets the cookie on the current response when the password is right.</summary>
    public async Task<Result<Account, SignInRefusal>> InAsync(string login, string password)
    {
        Account? account = login.Length is > 0 and <= 256 ? await users.FindByNameAsync(login) : null;
        if (account is null)
        {
            // The same work as for a known name: the answer's time does not tell which names exist.
            users.PasswordHasher.HashPassword(new Account(), password.Length <= 256 ? password : "");
            await audit.WriteAsync(AuditAction.SignInFailed, null, "", login.Length <= 64 ? login : login[..64]);
            return SignInRefusal.BadCredentials;
        }

        SignInResult result = password.Length <= 256
            ? await manager.PasswordSignInAsync(account, password, isPersistent: false, lockoutOnFailure: true)
            : SignInResult.Failed;
        AuditAction action = result.Succeeded ? AuditAction.SignedIn : result.IsLockedOut ? AuditAction.LockedOut : AuditAction.SignInFailed;
        await audit.WriteAsync(action, account.Id, account.UserName!, account.UserName!);
        return result.Succeeded ? account : result.IsLockedOut ? SignInRefusal.LockedOut : SignInRefusal.BadCredentials;
    }

    public async Task OutAsync(Caller caller)
    {
        await manager.SignOutAsync();
        await audit.WriteAsync(AuditAction.SignedOut, caller.AccountId, caller.Login, caller.Login);
    }
}
