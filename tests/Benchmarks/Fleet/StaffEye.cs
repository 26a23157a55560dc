using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace ThreeClassrooms.Benchmarks.Fleet;

/// <summary>What the devices' board shows at a moment.</summary>
/// <param name="Bad">Devices shown as critical or degraded.</param>
/// <param name="Unmonitored">Devices of which the hub says that it does not know.</param>
internal sealed record BoardCounts(int Healthy, int Bad, int Unmonitored);

/// <summary>A member of the county's staff, signed in, who looks at the devices' board.</summary>
internal sealed partial class StaffEye : IDisposable
{
    private readonly HttpClient _client;

    public StaffEye(Uri hub) => _client = new HttpClient(new HttpClientHandler { CookieContainer = new CookieContainer() }) { BaseAddress = hub, Timeout = TimeSpan.FromSeconds(10) };

    /// <returns>False: the hub does not answer.</returns>
    public async Task<bool> TrySignInAsync()
    {
        try
        {
            string page = await _client.GetStringAsync("/signin");
            using var form = new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["user"] = FleetCounty.Login,
                ["password"] = FleetCounty.Password,
                ["returnUrl"] = "/devices",
                ["__RequestVerificationToken"] = WebUtility.HtmlDecode(Token().Match(page).Groups[1].Value),
            });
            using HttpResponseMessage answer = await _client.PostAsync("/signin", form);
            return answer.IsSuccessStatusCode && await LookAsync() is not null;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <returns>Null: the hub does not answer.</returns>
    public async Task<BoardCounts?> LookAsync()
    {
        try
        {
            string page = await _client.GetStringAsync("/devices?handler=Board&q=nothing-has-this-name");
            return page.Contains("state-healthy", StringComparison.Ordinal)
                ? new BoardCounts(Count(page, "healthy"), Count(page, "critical") + Count(page, "degraded"), Count(page, "unmonitored"))
                : null;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return null;
        }
    }

    public void Dispose() => _client.Dispose();

    private static int Count(string page, string state) =>
        Regex.Match(page, $"state-{state}[^>]*><b>(\\d+)</b>") is { Success: true } found ? int.Parse(found.Groups[1].Value, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex("""name="__RequestVerificationToken"[^>]*value="([^"]+)""")]
    private static partial Regex Token();
}
