using System.Net;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Devices;
using ThreeClassrooms.Hub.Devices.Link;
using ThreeClassrooms.Hub.Storage;
using ThreeClassrooms.Hub.Tests.Storage;

namespace ThreeClassrooms.Hub.Tests.Lessons;

/// <summary>Who has lost the right to be in is out, with everything that was open.</summary>
public sealed class StandingTests
{
    [Fact]
    public async Task SignedOut_CopyOfTheCookieIsWorthNothing_AndTheSocketIsClosed()
    {
        await using LessonScene scene = await SceneAsync();
        string cookie = await scene.CookieAsync("wangxiulan");
        LessonScene.Client lecturer = await scene.ConnectAsync(cookie);
        await lecturer.JoinAsync();
        string ticket = (await lecturer.TicketAsync(StreamIds.HostCamera, MediaDirection.Publish)).Value!.Token;
        Assert.Equal(HttpStatusCode.OK, await GetAsync(scene, cookie));
        await scene.Host.WithAsync<IServiceProvider, bool>(async services =>
        {
            AccountSession session = await services.GetRequiredService<HubDbContext>().Set<AccountSession>().SingleAsync();
            var identity = new System.Security.Claims.ClaimsIdentity([new(Sessions.Claim, session.Id.ToString())]);
            await services.GetRequiredService<Sessions>().EndAsync(new System.Security.Claims.ClaimsPrincipal(identity));
            return true;
        });
        Assert.Equal(HttpStatusCode.Redirect, await GetAsync(scene, cookie));
        await ClosedAsync(lecturer);
        Assert.Equal(HttpStatusCode.Unauthorized, await OfferAsync(scene, ticket));
    }

    [Theory]
    [InlineData("password")]
    [InlineData("lock-out")]
    [InlineData("time")]
    public async Task PasswordResetLockOutAndTime_EndTheSession(string how)
    {
        await using LessonScene scene = await SceneAsync();
        string cookie = await scene.CookieAsync("wangxiulan");
        LessonScene.Client lecturer = await scene.ConnectAsync(cookie);
        await lecturer.JoinAsync();
        await scene.Host.WithAsync<UserManager<Account>, bool>(async users =>
        {
            Account account = (await users.FindByNameAsync("wangxiulan"))!;
            IdentityResult? result = how switch
            {
                "password" => await users.UpdateSecurityStampAsync(account),
                "lock-out" => await users.SetLockoutEndDateAsync(account, scene.Host.Time.Now.AddMinutes(15)),
                _ => null,
            };
            return result?.Succeeded ?? true;
        });
        scene.Host.Time.Advance(how == "time" ? TimeSpan.FromHours(25) : TimeSpan.FromSeconds(3));
        await ClosedAsync(lecturer);
        Assert.Equal(HttpStatusCode.Redirect, await GetAsync(scene, cookie));
    }

    [Fact]
    public async Task DisabledDevice_IsPutOutAtOnce_AndItsTicketIsWorthNothing()
    {
        await using LessonScene scene = await SceneAsync();
        LessonScene.Client town = await scene.TownDeviceAsync();
        await town.JoinAsync();
        string ticket = (await town.TicketAsync(StreamIds.HostCamera, MediaDirection.Watch)).Value!.Token;
        string id = await scene.DbAsync(db => db.Set<Device>().Where(d => d.Role == DeviceRole.Receiving).Select(d => d.Id).SingleAsync());
        Assert.True(await scene.Host.WithAsync<DeviceAccess, bool>(access => access.DisableAsync(id, null)));
        await ClosedAsync(town);
        Assert.Equal(HttpStatusCode.Unauthorized, await OfferAsync(scene, ticket, "whep"));
    }

    [Fact]
    public async Task DatabaseIsHeld_SignInSaysSoInWords_AndADeviceIsStillLetIn()
    {
        await using LessonScene scene = await SceneAsync();
        LessonScene.Client town = await scene.TownDeviceAsync();
        await using BusyDatabase held = await BusyDatabase.HoldAsync(scene.Host);
        Assert.Equal(LessonAccess.Classroom, (await town.JoinAsync()).Value!.Access);
        using HttpClient browser = scene.Host.CreateClient();
        string form = await browser.GetStringAsync("/signin");
        string token = System.Text.RegularExpressions.Regex.Match(form, "__RequestVerificationToken[^>]*value=\"([^\"]+)\"").Groups[1].Value;
        using var filled = new FormUrlEncodedContent([new("user", "wangxiulan"), new("password", "wrong-password"), new("__RequestVerificationToken", token)]);
        using HttpResponseMessage answer = await browser.PostAsync("/signin", filled);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains("系统正忙", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static Task<LessonScene> SceneAsync() => LessonScene.CreateAsync(
        inBell: TimeSpan.FromMinutes(5), configure: host => host.Settings["Storage:BusyTimeout"] = "00:00:01");

    private static async Task<HttpStatusCode> GetAsync(LessonScene scene, string cookie)
    {
        using HttpClient client = scene.Host.Anonymous();
        client.DefaultRequestHeaders.Add("Cookie", cookie);
        using HttpResponseMessage answer = await client.GetAsync("/");
        return answer.StatusCode;
    }

    private static async Task<HttpStatusCode> OfferAsync(LessonScene scene, string ticket, string verb = "whip")
    {
        using HttpClient client = scene.Host.Anonymous();
        client.DefaultRequestHeaders.Authorization = new("Bearer", ticket);
        using var offer = new StringContent("v=0", null, "application/sdp");
        using HttpResponseMessage answer = await client.PostAsync($"/{verb}/{scene.LessonId}/{StreamIds.HostCamera}", offer);
        return answer.StatusCode;
    }

    private static Task ClosedAsync(LessonScene.Client client) =>
        LessonScene.EventuallyAsync(() => Task.FromResult(client.Connection.State == HubConnectionState.Disconnected), "the socket is closed");
}
