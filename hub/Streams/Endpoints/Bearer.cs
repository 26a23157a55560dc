namespace ThreeClassrooms.Hub.Streams.Endpoints;

internal static class Bearer
{
    private const string Scheme = "Bearer ";

    /// <summary>The token of the Authorization header; null: there is none. Tokens in queries are not looked at: they end up in logs.</summary>
    public static string? Of(HttpContext context)
    {
        string header = context.Request.Headers.Authorization.ToString();
        return header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? header[Scheme.Length..].Trim() : null;
    }
}
