using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace ThreeClassrooms.Hub.Accounts;

[AllowAnonymous]
internal sealed class SignOutModel(SignIn signIn, Sessions sessions) : PageModel
{
    public IActionResult OnGet() => LocalRedirect("/");

    public async Task<IActionResult> OnPostAsync()
    {
        if (Caller.From(User) is { } caller)
        {
            await sessions.EndAsync(User);
            await signIn.OutAsync(caller);
        }

        return LocalRedirect($"{AccountsFeature.SignInPath}?bye=1");
    }
}
