using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using ThreeClassrooms.Hub.Accounts;

namespace ThreeClassrooms.Hub.Devices;

/// <summary>
/// Scheme <see cref="HubPolicies.DeviceScheme"/>: a bearer token in the header or, below /hubs only (a browser's WebSocket has no headers),
/// in the query. Cookies are not looked at.
/// </summary>
internal sealed class DeviceAuthenticationHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder,
    DeviceTokens tokens, DeviceStanding standing, DeviceProblems problems)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    private const string Bearer = "Bearer ";

    private bool _disabled;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (TokenOf(Request) is not { } token)
        {
            return AuthenticateResult.NoResult();
        }

        if (tokens.Read(token) is not (var device, var expires))
        {
            return AuthenticateResult.Fail("Not a valid device token");
        }

        if (!await standing.IsEnabledAsync(device.DeviceId, Context.RequestAborted))
        {
            _disabled = true;
            return AuthenticateResult.Fail("The device is disabled");
        }

        return AuthenticateResult.Success(
            new AuthenticationTicket(device.ToPrincipal(), new AuthenticationProperties { ExpiresUtc = expires }, Scheme.Name));
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        await HandleAuthenticateOnceSafeAsync();
        if (!_disabled)
        {
            Response.Headers.Append(HeaderNames.WWWAuthenticate, "Bearer");
        }

        await problems.Of(_disabled ? DeviceRefusal.DeviceDisabled : DeviceRefusal.BadCredentials).ExecuteAsync(Context);
    }

    private static string? TokenOf(HttpRequest request)
    {
        string? header = request.Headers.Authorization;
        if (header is not null && header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            return header[Bearer.Length..].Trim();
        }

        return request.Path.StartsWithSegments("/hubs") && request.Query["access_token"] is [{ Length: > 0 } token] ? token : null;
    }
}
