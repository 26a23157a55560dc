using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace ThreeClassrooms.Hub.Accounts;

/// <summary>Puts the data scope and the shown name into the cookie beside the roles; refreshed when the security stamp is checked.</summary>
internal sealed class AccountClaims(UserManager<Account> users, RoleManager<IdentityRole<Guid>> roles, IOptions<IdentityOptions> options)
    : UserClaimsPrincipalFactory<Account, IdentityRole<Guid>>(users, roles, options)
{
    protected override async Task<ClaimsIdentity> GenerateClaimsAsync(Account user)
    {
        ClaimsIdentity identity = await base.GenerateClaimsAsync(user);
        identity.AddClaim(new Claim(Caller.DisplayNameClaim, user.DisplayName));
        if (user.SchoolId is { } school)
        {
            identity.AddClaim(new Claim(Caller.SchoolClaim, school.ToString()));
        }

        return identity;
    }
}
