using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Localization;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Credit;

namespace ThreeClassrooms.Hub.Shell;

/// <summary>Pages, languages and error pages.</summary>
internal static class ShellFeature
{
    public const string Chinese = "zh-CN";
    public const string English = "en";

    /// <summary>Of a form: rooms or devices of the largest county, and what is asked of each.</summary>
    private const int MostRows = 4096, FieldsPerRow = 4;

    private static readonly string[] NotForPages = ["/api", "/hubs", "/whip", "/whep", "/media", "/healthz", "/readyz", "/metrics", AccountsFeature.SessionPath];

    public static IServiceCollection AddShell(this IServiceCollection services)
    {
        CultureInfo[] cultures = [CultureInfo.GetCultureInfo(Chinese), CultureInfo.GetCultureInfo(English)];
        services.AddLocalization();
        services.Configure<RequestLocalizationOptions>(options =>
        {
            options.DefaultRequestCulture = new RequestCulture(Chinese);
            options.SupportedCultures = cultures;
            options.SupportedUICultures = cultures;
            options.RequestCultureProviders = [new CookieRequestCultureProvider(), new AcceptLanguageHeaderRequestCultureProvider()];
        });
        services.AddSingleton<Text>();
        services.AddSingleton<CountyClock>();
        services.AddSingleton<DemoAccounts>();
        services.AddSingleton<ReasonText>();

        // Chinese goes out as Chinese, not as character references: pages of half the size that can be read in the source.
        services.AddSingleton(HtmlEncoder.Create(UnicodeRanges.All));
        services.AddRazorPages(options => options.RootDirectory = "/").AddMvcOptions(mvc =>
        {
            mvc.Filters.Add<ReadableQuery>();
            mvc.MaxModelBindingCollectionSize = MostRows;
        });
        services.Configure<FormOptions>(form => form.ValueCountLimit = MostRows * FieldsPerRow);
        return services;
    }

    /// <summary>Before authentication: language, error pages. Routing begins after it, so that an error page can be routed anew.</summary>
    public static void UseShell(this WebApplication app)
    {
        app.UseRequestLocalization();
        app.UseWhen(context => !NotForPages.Any(p => context.Request.Path.StartsWithSegments(p, StringComparison.OrdinalIgnoreCase)), pages =>
        {
            pages.UseExceptionHandler("/error/500");
            pages.UseStatusCodePagesWithReExecute("/error/{0}");
        });
        app.UseRouting();
    }

    public static void MapShell(this WebApplication app)
    {
        app.MapStaticAssets().AllowAnonymous();
        app.MapRazorPages();
    }
}
