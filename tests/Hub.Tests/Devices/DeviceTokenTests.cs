using System.Net;
using Microsoft.AspNetCore.DataProtection;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Devices;
using ThreeClassrooms.Hub.Tests.Hosting;
using ThreeClassrooms.Hub.Tests.Lessons;
using ThreeClassrooms.TestKit.Time;

namespace ThreeClassrooms.Hub.Tests.Devices;

public sealed class DeviceTokenTests(HubHost host) : IClassFixture<HubHost>
{
    private readonly DeviceScene _scene = new(host);

    [Fact]
    public async Task WrongSecretAndUnknownId_GetTheSameAnswer()
    {
        EnrolResponse device = await _scene.EnrolAsync(await _scene.RoomAsync());
        (string Id, string Secret)[] tries =
            [(device.DeviceId, DeviceSecret.New()), ("agt-aaaaaaaaaa", DeviceSecret.New()), ("", ""), ("agt\0", "x"), (device.DeviceId, new string('x', 500))];
        var answers = new HashSet<string>();
        foreach ((string id, string secret) in tries)
        {
            using HttpResponseMessage answer = await _scene.PostCredentialsAsync(id, secret);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
            Assert.Equal(ErrorCodes.BadCredentials, await DeviceScene.CodeOfAsync(answer));
            answers.Add(System.Text.RegularExpressions.Regex.Replace(await answer.Content.ReadAsStringAsync(), "\"traceId\":\"[^\"]*\"", ""));
        }

        Assert.Single(answers);
    }

    [Fact]
    public async Task DisabledDevice_GetsNoToken_AndItsTokenStopsWorkingInSeconds()
    {
        EnrolResponse device = await _scene.EnrolAsync(await _scene.RoomAsync());
        string token = await _scene.TokenAsync(device);
        using HttpResponseMessage before = await _scene.GetAsync(DeviceApi.Timetable, token);
        await _scene.DisableAsync(device.DeviceId); // by another process: this one remembers for up to 5 s
        host.Time.Advance(TimeSpan.FromSeconds(5));
        using HttpResponseMessage after = await _scene.GetAsync(DeviceApi.Timetable, token);
        using HttpResponseMessage renewal = await _scene.PostCredentialsAsync(device.DeviceId, device.Secret);
        using HttpResponseMessage guess = await _scene.PostCredentialsAsync(device.DeviceId, DeviceSecret.New());

        Assert.Equal(HttpStatusCode.OK, before.StatusCode);
        Assert.Equal((HttpStatusCode.Forbidden, ErrorCodes.DeviceDisabled), (after.StatusCode, await DeviceScene.CodeOfAsync(after)));
        Assert.Equal((HttpStatusCode.Forbidden, ErrorCodes.DeviceDisabled), (renewal.StatusCode, await DeviceScene.CodeOfAsync(renewal)));
        Assert.Equal(HttpStatusCode.Unauthorized, guess.StatusCode); // who does not know the secret learns nothing
    }

    [Fact]
    public async Task Token_WorksForTenMinutesExactly()
    {
        EnrolResponse device = await _scene.EnrolAsync(await _scene.RoomAsync());
        string token = await _scene.TokenAsync(device);
        host.Time.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromTicks(1));
        using HttpResponseMessage last = await _scene.GetAsync(DeviceApi.Timetable, token);
        host.Time.Advance(TimeSpan.FromTicks(1));
        using HttpResponseMessage late = await _scene.GetAsync(DeviceApi.Timetable, token);
        Assert.Equal(HttpStatusCode.OK, last.StatusCode);
        Assert.Equal((HttpStatusCode.Unauthorized, ErrorCodes.BadCredentials), (late.StatusCode, await DeviceScene.CodeOfAsync(late)));
        Assert.Equal("Bearer", late.Headers.WwwAuthenticate.ToString());
    }

    [Fact]
    public async Task LastSeen_MovesAtMostOnceAMinute()
    {
        EnrolResponse device = await _scene.EnrolAsync(await _scene.RoomAsync());
        Assert.Null((await _scene.DeviceAsync(device.DeviceId)).LastSeenAt);
        string token = await _scene.TokenAsync(device);
        DateTimeOffset first = host.Time.Now;
        await LessonScene.EventuallyAsync(async () => (await _scene.DeviceAsync(device.DeviceId)).LastSeenAt == first, "the device is marked as seen");
        host.Time.Advance(TimeSpan.FromSeconds(59));
        await _scene.TimetableAsync(token);
        Assert.Equal(first, (await _scene.DeviceAsync(device.DeviceId)).LastSeenAt);
        host.Time.Advance(TimeSpan.FromSeconds(5));
        await _scene.TimetableAsync(token);
        await LessonScene.EventuallyAsync(async () => (await _scene.DeviceAsync(device.DeviceId)).LastSeenAt == first.AddSeconds(64), "seen again");
    }

    [Fact]
    public async Task PersonsCookie_IsWorthNothingOnTheDeviceApi()
    {
        HttpClient person = await host.SignedInAsync(Roles.All.ToArray());
        using HttpResponseMessage page = await person.GetAsync("/"), timetable = await person.GetAsync(DeviceApi.Timetable);
        Assert.NotEqual(HttpStatusCode.Unauthorized, page.StatusCode);
        Assert.DoesNotContain(AccountsFeature.SignInPath, page.Headers.Location?.ToString() ?? "", StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, timetable.StatusCode);
    }

    [Fact]
    public async Task DeviceToken_OpensNoPage()
    {
        string token = await _scene.TokenAsync(await _scene.EnrolAsync(await _scene.RoomAsync()));
        using HttpResponseMessage page = await _scene.GetAsync("/", token);
        Assert.Equal(HttpStatusCode.Redirect, page.StatusCode);
        Assert.Contains(AccountsFeature.SignInPath, page.Headers.Location?.ToString() ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task TokenInTheAddress_CountsBelowHubsOnly()
    {
        string token = await _scene.TokenAsync(await _scene.EnrolAsync(await _scene.RoomAsync()));
        using HttpResponseMessage answer = await _scene.GetAsync($"{DeviceApi.Timetable}?access_token={token}", token: null);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task RestartingDevice_IsSlowedDown_AnotherIsNot()
    {
        EnrolResponse device = await _scene.EnrolAsync(await _scene.RoomAsync()), other = await _scene.EnrolAsync(await _scene.RoomAsync());
        HttpStatusCode last = HttpStatusCode.OK;
        for (int i = 0; i < 40 && last == HttpStatusCode.OK; i++)
        {
            using HttpResponseMessage answer = await _scene.PostCredentialsAsync(device.DeviceId, device.Secret);
            last = answer.StatusCode;
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, last);
        await _scene.TokenAsync(other);
    }

    [Fact]
    public void ChangedOrForeignToken_IsRefused()
    {
        var keys = new EphemeralDataProtectionProvider();
        var time = new ManualTime();
        var tokens = new DeviceTokens(keys, new DevicesOptions(), time);
        var device = new DeviceCaller("agt-aaaaaaaaaa", Guid.NewGuid(), DeviceRole.Main);
        (string token, DateTimeOffset expires) = tokens.Issue(device);

        Assert.Equal((device, expires), tokens.Read(token));
        Assert.Null(new DeviceTokens(new EphemeralDataProtectionProvider(), new DevicesOptions(), time).Read(token));
        Assert.Null(tokens.Read(keys.CreateProtector("another purpose").Protect("text")));
        Assert.Null(tokens.Read(""));
        Assert.Null(tokens.Read("%%%"));
        for (int i = 0; i < token.Length - 1; i++) // the last letter of base64url has spare bits
        {
            char[] changed = token.ToCharArray();
            changed[i] = changed[i] == 'A' ? 'B' : 'A';
            Assert.Null(tokens.Read(new string(changed)));
        }
    }
}
