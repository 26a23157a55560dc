using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Shell;

namespace ThreeClassrooms.Hub.Accounts;

[AllowAnonymous]
internal sealed class SignInModel(SignIn signIn, AccountsOptions options, Text text, DemoAccounts demo) : PageModel
{
    public string? Login { get; private set; }

    public string? ReturnUrl { get; private set; }

    /// <summary>Just signed out.</summary>
    public bool Bye { get; private set; }

    /// <summary>What is wrong and what to do; null when nothing is.</summary>
    public string? Problem { get; private set; }

    public IReadOnlyList<DemoAccount> Demo => demo.All;

    public IActionResult OnGet(string? returnUrl, int bye = 0)
    {
        (ReturnUrl, Bye) = (returnUrl, bye == 1);
        return User.Identity?.IsAuthenticated == true ? LocalRedirect(Target) : Page();
    }

    public async Task<IActionResult> OnPostAsync(string? user, string? password, string? returnUrl)
    {
        (Login, ReturnUrl) = (user?.Trim(), returnUrl);
        if (string.IsNullOrEmpty(Login) || string.IsNullOrEmpty(password))
        {
            Problem = text["SignIn.Missing"];
            return Page();
        }

        Result<Account, SignInRefusal> result = await signIn.InAsync(Login, password);
        if (result.IsOk)
        {
            return LocalRedirect(Target);
        }

        Problem = result.Refusal!.Value switch
        {
            SignInRefusal.BadCredentials => text["SignIn.BadCredentials", options.TriesBeforeLockOut],
            SignInRefusal.LockedOut => text["SignIn.LockedOut", (int)Math.Ceiling(options.LockOut.TotalMinutes)],
            SignInRefusal.NetworkBusy => text["SignIn.NetworkBusy"],
        };
        if (result.Refusal == SignInRefusal.NetworkBusy)
        {
            Response.StatusCode = StatusCodes.Status429TooManyRequests;
            Response.Headers.RetryAfter = "60";
        }

        return Page();
    }

    private string Target => Url.IsLocalUrl(ReturnUrl) ? ReturnUrl! : "/";
}
