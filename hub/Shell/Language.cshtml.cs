using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Localization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace ThreeClassrooms.Hub.Shell;

/// <summary>Keeps the chosen language for a year and goes back to where the choice was made.</summary>
[AllowAnonymous]
internal sealed class LanguageModel : PageModel
{
    public IActionResult OnGet() => RedirectToLocal(null);

    public IActionResult OnPost(string? culture, string? back)
    {
        if (culture is ShellFeature.Chinese or ShellFeature.English)
        {
            Response.Cookies.Append(
                CookieRequestCultureProvider.DefaultCookieName,
                CookieRequestCultureProvider.MakeCookieValue(new RequestCulture(culture)),
                new CookieOptions { MaxAge = TimeSpan.FromDays(365), SameSite = SameSiteMode.Lax, HttpOnly = true, IsEssential = true, Secure = Request.IsHttps });
        }

        return RedirectToLocal(back);
    }

    private LocalRedirectResult RedirectToLocal(string? back) => LocalRedirect(Url.IsLocalUrl(back) ? back! : "/");
}
