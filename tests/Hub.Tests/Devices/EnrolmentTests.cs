using System.Net;
using System.Net.Http.Json;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Devices;
using ThreeClassrooms.Hub.Storage;
using ThreeClassrooms.Hub.Tests.Hosting;

namespace ThreeClassrooms.Hub.Tests.Devices;

public sealed class EnrolmentTests(HubHost host) : IClassFixture<HubHost>
{
    private readonly DeviceScene _scene = new(host);

    [Fact]
    public async Task Code_GivesTheRoomADevice_AndLeavesATrail()
    {
        Guid room = await _scene.RoomAsync();
        IssuedCode code = await _scene.CodeAsync(room);
        using HttpResponseMessage answer = await _scene.PostCodeAsync(code.Code.ToLowerInvariant());
        var device = await answer.Content.ReadFromJsonAsync<EnrolResponse>(DeviceJson.Options);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
        Assert.Matches("^agt-[a-z2-7]{10}$", device!.DeviceId);
        Assert.Equal(DeviceRole.Receiving, device.Role);
        Assert.Equal("三年级教室", device.Classroom);
        Assert.Equal(host.Time.Now, device.HubTime);
        Device kept = await _scene.DeviceAsync(device.DeviceId);
        Assert.Equal(room, kept.ClassroomId);
        Assert.DoesNotContain(device.Secret, kept.SecretHash, StringComparison.Ordinal);
        Assert.Equal(AuditAction.IssuedEnrolmentCode, Assert.Single(await _scene.AuditAsync(room.ToString())).Action);
        Assert.Equal(AuditAction.EnrolledDevice, Assert.Single(await _scene.AuditAsync(device.DeviceId)).Action);
        string letters = ClaimCode.Normalise(code.Code)!;
        Assert.All(
            await host.WithAsync<HubDbContext, List<AuditEntry>>(db => db.Set<AuditEntry>().ToListAsync()),
            e => Assert.DoesNotContain(letters, e.Detail ?? "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task UsedCode_IsRefused()
    {
        IssuedCode code = await _scene.CodeAsync(await _scene.RoomAsync());
        (await _scene.PostCodeAsync(code.Code)).EnsureSuccessStatusCode();
        await RefusedAsync(code.Code, HttpStatusCode.Conflict, ErrorCodes.CodeUsed);
    }

    [Fact]
    public async Task CodeClaimedByManyAtOnce_IsWonByExactlyOne()
    {
        Guid room = await _scene.RoomAsync();
        IssuedCode code = await _scene.CodeAsync(room);
        HttpResponseMessage[] answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => _scene.PostCodeAsync(code.Code)));
        Assert.Single(answers, a => a.StatusCode == HttpStatusCode.OK);
        foreach (HttpResponseMessage loser in answers.Where(a => a.StatusCode != HttpStatusCode.OK))
        {
            Assert.Equal(ErrorCodes.CodeUsed, await DeviceScene.CodeOfAsync(loser));
        }

        Assert.Equal(1, await host.WithAsync<HubDbContext, int>(db => db.Set<Device>().CountAsync(d => d.ClassroomId == room)));
    }

    [Fact]
    public async Task CodeAtItsEnd_HasExpired()
    {
        IssuedCode code = await _scene.CodeAsync(await _scene.RoomAsync());
        host.Time.Advance(TimeSpan.FromHours(24));
        Assert.Equal(host.Time.Now, code.ExpiresAt);
        await RefusedAsync(code.Code, HttpStatusCode.Gone, ErrorCodes.CodeExpired);
    }

    [Fact]
    public async Task FourWrongTries_LeaveTheCodeGood_FiveSpendTheNetworksTries()
    {
        IssuedCode kept = await _scene.CodeAsync(await _scene.RoomAsync()), burnt = await _scene.CodeAsync(await _scene.RoomAsync());
        foreach (string wrong in WrongOnes(kept.Code).Take(4).Concat(WrongOnes(burnt.Code).Take(5)))
        {
            await RefusedAsync(wrong, HttpStatusCode.BadRequest, ErrorCodes.BadCode);
        }

        (await _scene.PostCodeAsync(kept.Code)).EnsureSuccessStatusCode();
        await RefusedAsync(burnt.Code, HttpStatusCode.TooManyRequests, ErrorCodes.TooManyTries);
    }

    [Fact]
    public async Task GuessesFromOneNetwork_NeverBurnACode_ThoseOfSeveralDo()
    {
        IssuedCode code = await _scene.CodeAsync(await _scene.RoomAsync());
        string[] wrong = [.. WrongOnes(code.Code).Take(6)];
        for (int round = 0; round < 5; round++)
        {
            foreach (string guess in wrong)
            {
                await FindAsync(guess, "198.51.100.1");
            }
        }

        Assert.Equal(DeviceRefusal.TooManyTries, await FindAsync(code.Code, "198.51.100.1"));
        Assert.Null(await FindAsync(code.Code, "198.51.100.2"));
        foreach (string network in new[] { "198.51.100.3", "198.51.100.4", "198.51.100.5" })
        {
            foreach (string guess in wrong)
            {
                await FindAsync(guess, network);
            }
        }

        Assert.Equal(DeviceRefusal.TooManyTries, await FindAsync(code.Code, "198.51.100.2"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("AAAA-AAAA")]
    [InlineData("BCDF-GHJK")]
    [InlineData("' OR 1=1 --")]
    public Task UnknownCode_IsRefused(string code) => RefusedAsync(code, HttpStatusCode.BadRequest, ErrorCodes.BadCode);

    [Theory]
    [InlineData("", "application/json", HttpStatusCode.BadRequest)]
    [InlineData("null", "application/json", HttpStatusCode.BadRequest)]
    [InlineData("[]", "application/json", HttpStatusCode.BadRequest)]
    [InlineData("{\"code\":null,\"machineName\":\"a\",\"agentVersion\":\"b\"}", "application/json", HttpStatusCode.BadRequest)]
    [InlineData("{\"code\":\"BCDFGHJK\"}", "application/json", HttpStatusCode.BadRequest)]
    [InlineData("code=BCDFGHJK", "application/x-www-form-urlencoded", HttpStatusCode.UnsupportedMediaType)]
    public async Task OtherBody_IsRefused(string body, string type, HttpStatusCode status)
    {
        using HttpResponseMessage answer = await _scene.Client.PostAsync(DeviceApi.Enrol, new StringContent(body, Encoding.UTF8, type));
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal(ErrorCodes.BadRequest, await DeviceScene.CodeOfAsync(answer));
    }

    [Fact]
    public async Task HugeBody_IsRefusedUnread()
    {
        using HttpResponseMessage answer = await _scene.PostCodeAsync(new string('B', 100_000));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }

    [Fact]
    public async Task SecondDeviceOfARoomAndRole_ReplacesTheFirst_OtherRoleStays()
    {
        Guid room = await _scene.RoomAsync();
        EnrolResponse main = await _scene.EnrolAsync(room, DeviceRole.Main);
        EnrolResponse first = await _scene.EnrolAsync(room);
        string token = await _scene.TokenAsync(first);
        EnrolResponse second = await _scene.EnrolAsync(room);

        Assert.NotNull((await _scene.DeviceAsync(first.DeviceId)).DisabledAt);
        Assert.Null((await _scene.DeviceAsync(second.DeviceId)).DisabledAt);
        Assert.Null((await _scene.DeviceAsync(main.DeviceId)).DisabledAt);
        Assert.Contains(await _scene.AuditAsync(first.DeviceId), e => e.Action == AuditAction.DisabledDevice);
        using HttpResponseMessage old = await _scene.GetAsync(DeviceApi.Timetable, token);
        Assert.Equal(HttpStatusCode.Forbidden, old.StatusCode); // at once, not when what is remembered has aged
    }

    [Fact]
    public async Task ForeignText_IsCutAndCleaned()
    {
        IssuedCode code = await _scene.CodeAsync(await _scene.RoomAsync());
        var request = new EnrolRequest(code.Code, "pc\r\n[ERR] forged\0" + new string('x', 200), "1.0");
        using HttpResponseMessage answer = await _scene.Client.PostAsJsonAsync(DeviceApi.Enrol, request, DeviceJson.Options);
        var device = await answer.Content.ReadFromJsonAsync<EnrolResponse>(DeviceJson.Options);
        string name = (await _scene.DeviceAsync(device!.DeviceId)).MachineName;
        Assert.StartsWith("pc[ERR] forgedxxx", name, StringComparison.Ordinal);
        Assert.Equal(80, name.Length);
    }

    [Fact]
    public async Task Refusals_SpeakTheLanguageAskedFor()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, DeviceApi.Enrol)
        {
            Content = JsonContent.Create(new EnrolRequest("BBBB-BBBB", "pc", "1"), options: DeviceJson.Options),
        };
        request.Headers.AcceptLanguage.ParseAdd("en");
        using HttpResponseMessage english = await _scene.Client.SendAsync(request), chinese = await _scene.PostCodeAsync("BBBB-BBBB");
        Assert.Contains("no such code", await english.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("detail", await chinese.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain("no such code", await chinese.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private async Task RefusedAsync(string code, HttpStatusCode status, string expected)
    {
        using HttpResponseMessage answer = await _scene.PostCodeAsync(code);
        Assert.Equal(expected, await DeviceScene.CodeOfAsync(answer));
        Assert.Equal(status, answer.StatusCode);
    }

    /// <summary>Codes that begin like the right one.</summary>
    private async Task<DeviceRefusal?> FindAsync(string code, string address)
    {
        await using AsyncServiceScope scope = host.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<IHttpContextAccessor>().HttpContext = new DefaultHttpContext { Connection = { RemoteIpAddress = IPAddress.Parse(address) } };
        Result<EnrolmentCode, DeviceRefusal> found = await scope.ServiceProvider.GetRequiredService<EnrolmentCodes>().FindAsync(code, CancellationToken.None);
        return found.IsOk ? null : found.Refusal;
    }

    private static IEnumerable<string> WrongOnes(string code) => ClaimCode.Alphabet.Where(letter => letter != code[^1]).Select(letter => code[..^1] + letter);
}
