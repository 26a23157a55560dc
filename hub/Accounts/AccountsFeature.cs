using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using ThreeClassrooms.Hub.Hosting;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Accounts;

/// <summary>People, roles, sign-in and the audit trail.</summary>
internal static class AccountsFeature
{
    public const string SignInPath = "/signin";

    public const string SessionPath = "/session";

    /// <summary>Requests below these paths are made by programs: they get 401 and 403, not a redirect to the sign-in page.</summary>
    private static readonly string[] ProgramPaths = ["/api", "/hubs", "/whip", "/whep", "/media"];

    public static IServiceCollection AddAccounts(this IServiceCollection services, HubSettings settings)
    {
        AccountsOptions accounts = settings.Get<AccountsOptions>();
        bool https = settings.Get<HubOptions>().ServesHttps;
        services.AddHttpContextAccessor();
        services.AddScoped<AuditTrail>();
        services.AddSingleton<SignInTries>();
        services.AddScoped<SignIn>();
        services.AddSingleton<Sessions>();
        services.Configure<SecurityStampValidatorOptions>(stamps => stamps.OnRefreshingPrincipal = refreshing =>
        {
            // New claims, the same session.
            if (refreshing.CurrentPrincipal?.FindFirst(Sessions.Claim) is { } session && refreshing.NewPrincipal?.Identity is ClaimsIdentity identity)
            {
                identity.AddClaim(session);
            }

            return Task.CompletedTask;
        });
        services.AddIdentityCore<Account>(identity =>
            {
                identity.User.RequireUniqueEmail = false;
                identity.Password.RequiredLength = accounts.PasswordLength;
                identity.Password.RequireNonAlphanumeric = false; // length counts more than sprinkled signs (NIST SP 800-63B)
                identity.Password.RequireUppercase = false;
                identity.Lockout.AllowedForNewUsers = true; // wrong tries are counted by SignInTries, for all names alike
            })
            .AddRoles<IdentityRole<Guid>>()
            .AddEntityFrameworkStores<HubDbContext>()
            .AddClaimsPrincipalFactory<AccountClaims>()
            .AddSignInManager()
            .AddDefaultTokenProviders();
        services.AddAuthentication(IdentityConstants.ApplicationScheme).AddIdentityCookies(cookies =>
            cookies.ApplicationCookie!.Configure(cookie => Configure(cookie, accounts, https)));
        services.AddAuthorization(HubPolicies.AddTo);
        services.AddAntiforgery(form =>
        {
            form.Cookie.Name = https ? "__Host-tc-form" : "tc-form";
            form.Cookie.HttpOnly = true;
            form.Cookie.SameSite = SameSiteMode.Strict;
            form.Cookie.SecurePolicy = https ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
        });
        return services;
    }

    /// <summary>Whose session the browser holds, for open pages that must not lose what was typed: the account's id, or 401.</summary>
    public static void MapSession(this IEndpointRouteBuilder app) => app.MapGet(
        SessionPath, (HttpContext http) => Caller.From(http.User) is { } caller ? Results.Text(caller.AccountId.ToString()) : Results.Unauthorized()).AllowAnonymous();

    private static void Configure(CookieAuthenticationOptions cookie, AccountsOptions accounts, bool https)
    {
        cookie.Cookie.Name = https ? "__Host-tc" : "tc";
        cookie.Cookie.HttpOnly = true;
        cookie.Cookie.SameSite = SameSiteMode.Lax;
        cookie.Cookie.SecurePolicy = https ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
        cookie.ExpireTimeSpan = accounts.SessionLength;
        cookie.SlidingExpiration = true;
        cookie.LoginPath = SignInPath;
        cookie.AccessDeniedPath = "/denied";
        Sessions.Watch(cookie.Events);
        cookie.Events.OnRedirectToLogin = context => Answer(context, StatusCodes.Status401Unauthorized);
        cookie.Events.OnRedirectToAccessDenied = context => Answer(context, StatusCodes.Status403Forbidden);
    }

    private static Task Answer(RedirectContext<CookieAuthenticationOptions> context, int status)
    {
        // A page that asks for a part of itself must not be given the sign-in page to draw there.
        bool part = context.Request.Headers.ContainsKey("HX-Request");
        if (part || ProgramPaths.Any(p => context.Request.Path.StartsWithSegments(p, StringComparison.OrdinalIgnoreCase)))
        {
            context.Response.StatusCode = status;
        }
        else
        {
            context.Response.Redirect(context.RedirectUri);
        }

        return Task.CompletedTask;
    }
}
