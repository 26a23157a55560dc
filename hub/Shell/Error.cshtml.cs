using System.Diagnostics;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;
using ThreeClassrooms.Hub.Storage;

namespace ThreeClassrooms.Hub.Shell;

/// <summary>What went wrong and what to do next. Reached by re-execution, so it keeps the status of the answer it stands for.</summary>
[AllowAnonymous]
[IgnoreAntiforgeryToken]
[ResponseCache(NoStore = true)]
internal sealed class ErrorModel : PageModel
{
    /// <summary>As the framework names this page.</summary>
    public const string PageFile = "/Shell/Error.cshtml";

    private static readonly int[] Known = [400, 403, 404, 429, 500, 503];

    public int Kind { get; private set; }

    /// <summary>Finds the request in the hub's log.</summary>
    public string Number => Activity.Current?.TraceId.ToString() ?? HttpContext.TraceIdentifier;

    public IActionResult OnGet() => Page();

    /// <summary>Whatever was asked and however: an answer that went wrong may have had any verb and any handler's name.</summary>
    public override void OnPageHandlerSelected(PageHandlerSelectedContext context)
    {
        int asked = int.TryParse(RouteData.Values["code"]?.ToString(), out int code) ? code : Response.StatusCode;
        if (HttpContext.Features.Get<IExceptionHandlerFeature>()?.Error is { } fault && DatabaseWords.IsBusy(fault))
        {
            asked = Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            Response.Headers.RetryAfter = "5";
        }

        Kind = Known.Contains(asked) ? asked : asked is >= 400 and < 500 ? 400 : 500;
        if (Response.StatusCode == StatusCodes.Status200OK)
        {
            Response.StatusCode = Kind;
        }
    }
}
