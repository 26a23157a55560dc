using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Microsoft.AspNetCore.SignalR.Client;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Devices;
using ThreeClassrooms.Hub.Tests.Lessons;

namespace ThreeClassrooms.Hub.Tests.Devices.Rooms;

public sealed class RoomPageTests
{
    [Fact]
    public async Task CodeOnTheScreen_OpensThePageOfThatRoom_AndWhatIsAskedReachesItsDevice()
    {
        await using LessonScene scene = await LessonScene.CreateAsync();
        await using LessonScene.Client device = await scene.TownDeviceAsync();
        await using LessonScene.Client person = await scene.SignInAsync("wangxiulan");
        RoomAction? asked = null;
        device.Connection.On<RoomAsk, RoomState>(LessonHubNames.RoomAsked, ask =>
        {
            asked = ask.Action;
            return new RoomState(true, LessonScene.Town, "同步教室", null, null, false, false, false, false, true, false, false, true, false);
        });

        Assert.Null(await person.Connection.InvokeAsync<RoomTicket?>(LessonHubNames.RoomTicket));
        RoomTicket ticket = (await device.Connection.InvokeAsync<RoomTicket?>(LessonHubNames.RoomTicket))!;
        Assert.StartsWith("/room#", ticket.Path, StringComparison.Ordinal);

        using HttpClient phone = scene.Host.Anonymous();
        Assert.Equal(HttpStatusCode.OK, (await phone.GetAsync(new Uri("/room", UriKind.Relative))).StatusCode);
        using HttpResponseMessage refused = await phone.PostAsJsonAsync(RoomPageApi.Open, new RoomOpenRequest("guessed"), DeviceJson.Options);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        using HttpResponseMessage opened = await phone.PostAsJsonAsync(RoomPageApi.Open, new RoomOpenRequest(ticket.Path.Split('#')[1]), DeviceJson.Options);
        RoomOpened session = (await opened.Content.ReadFromJsonAsync<RoomOpened>(DeviceJson.Options))!;

        using HttpResponseMessage without = await phone.PostAsJsonAsync(RoomPageApi.Ask, new RoomAsk(RoomAction.Look), DeviceJson.Options);
        Assert.Equal(HttpStatusCode.Unauthorized, without.StatusCode);
        phone.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", session.Session);
        using HttpResponseMessage answer = await phone.PostAsJsonAsync(RoomPageApi.Ask, new RoomAsk(RoomAction.OpenMicrophone), DeviceJson.Options);
        Assert.True((await answer.Content.ReadFromJsonAsync<RoomState>(DeviceJson.Options))!.MicrophoneOpen);
        Assert.Equal(RoomAction.OpenMicrophone, asked);
        using HttpResponseMessage wrong = await phone.PostAsJsonAsync(RoomPageApi.Ask, new RoomAsk(RoomAction.SetVolume, 101), DeviceJson.Options);
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);

        await device.DisposeAsync();
        using HttpResponseMessage away = await phone.PostAsJsonAsync(RoomPageApi.Ask, new RoomAsk(RoomAction.Look), DeviceJson.Options);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, away.StatusCode);
    }
}
