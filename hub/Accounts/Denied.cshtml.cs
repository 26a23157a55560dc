using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace ThreeClassrooms.Hub.Accounts;

/// <summary>Where the cookie sends somebody without the right: answers 403, which the shell turns into its page.</summary>
[AllowAnonymous]
internal sealed class DeniedModel : PageModel
{
    public IActionResult OnGet() => StatusCode(StatusCodes.Status403Forbidden);
}
