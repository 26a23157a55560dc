using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.RazorPages.Infrastructure;

namespace ThreeClassrooms.Hub.Shell;

/// <summary>
/// A page renders even where none of its handlers ran, empty and for anybody. So what no handler answers is refused before: another verb with 405, another
/// handler's name with 404. A query that cannot be read (no day, a number that is none) is 400.
/// </summary>
internal static class PageHandlers
{
    public static void UsePageHandlers(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<CompiledPageActionDescriptor>() is not { } page || page.RelativePath == ErrorModel.PageFile)
        {
            return next(context);
        }

        // HEAD is answered as GET.
        string[] verbs = [.. page.HandlerMethods.Select(h => h.HttpMethod.ToUpperInvariant()).Distinct()];
        string verb = HttpMethods.IsHead(context.Request.Method) ? HttpMethods.Get : context.Request.Method.ToUpperInvariant();
        if (!verbs.Contains(verb))
        {
            context.Response.Headers.Allow = string.Join(", ", verbs.Contains(HttpMethods.Get) ? [.. verbs, HttpMethods.Head] : verbs);
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            return Task.CompletedTask;
        }

        string name = context.Request.RouteValues["handler"]?.ToString() ?? context.Request.Query["handler"].ToString();
        if (page.HandlerMethods.Any(h => Answers(h, verb, name)))
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    });

    private static bool Answers(HandlerMethodDescriptor handler, string verb, string name) =>
        verb.Equals(handler.HttpMethod, StringComparison.OrdinalIgnoreCase) && (handler.Name ?? "").Equals(name, StringComparison.OrdinalIgnoreCase);
}

/// <summary>400 for a query that the page cannot read; forms say on the page what is wrong with them.</summary>
internal sealed class ReadableQuery : IPageFilter
{
    public void OnPageHandlerSelected(PageHandlerSelectedContext context)
    {
    }

    public void OnPageHandlerExecuting(PageHandlerExecutingContext context)
    {
        if (HttpMethods.IsGet(context.HttpContext.Request.Method) && context.ModelState.Values.Any(v => v.Errors.Count > 0 && !string.IsNullOrEmpty(v.AttemptedValue)))
        {
            context.Result = new Microsoft.AspNetCore.Mvc.StatusCodeResult(StatusCodes.Status400BadRequest);
        }
    }

    public void OnPageHandlerExecuted(PageHandlerExecutedContext context)
    {
    }
}
