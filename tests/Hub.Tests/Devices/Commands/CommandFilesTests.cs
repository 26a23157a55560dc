using System.Net;
using System.Net.Http.Headers;
using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Devices;
using ThreeClassrooms.Hub.Devices.Commands;
using ThreeClassrooms.Hub.Storage;
using ThreeClassrooms.Hub.Tests.Devices.Broker;
using ThreeClassrooms.Hub.Tests.Pages;
using ThreeClassrooms.Hub.Timetable;

namespace ThreeClassrooms.Hub.Tests.Devices.Commands;

/// <summary>Pictures and logs: who may ask, what is taken from devices, who may look, how long it is kept.</summary>
public sealed class CommandFilesTests(BrokerHost host) : IClassFixture<BrokerHost>
{
    private static readonly byte[] Jpeg = [0xff, 0xd8, 0xff, 0xe0, 1, 2, 3];
    private static readonly byte[] Gzip = [0x1f, 0x8b, 8, 0, 1];

    [Fact]
    public async Task NoPicture_WithoutTheSchoolsAgreement_OrDuringALesson()
    {
        (EnrolResponse device, Guid school) = await SceneAsync();
        Assert.Equal(CommandRefusal.NotAgreed, (await AskAsync(device, CommandKind.Snapshot)).Refusal);
        Assert.False(await AgreeAsync(device, true, Roles.CountyStaff, null));
        Assert.False(await AgreeAsync(device, true, Roles.SchoolHead, Guid.NewGuid()));
        Assert.False(await AgreeAsync(device, true, Roles.Teacher, school));
        Assert.True(await AgreeAsync(device, true, Roles.SchoolHead, school));
        Assert.Equal(CommandRefusal.NotAllowed, (await AskAsync(device, CommandKind.Snapshot, Roles.SystemAdmin)).Refusal);
        Assert.Equal(CommandRefusal.NotAllowed, (await AskAsync(device, CommandKind.Snapshot, Roles.SchoolHead, school)).Refusal);
        Assert.True((await AskAsync(device, CommandKind.Snapshot)).IsOk);

        (EnrolResponse busy, Guid itsSchool) = await SceneAsync();
        await AgreeAsync(busy, true, Roles.SchoolHead, itsSchool);
        var scene = new DeviceScene(host);
        await scene.LessonAsync((await scene.DeviceAsync(busy.DeviceId)).ClassroomId, await scene.RoomAsync(), TimeSpan.FromMinutes(10));
        Assert.Equal(CommandRefusal.NoPicturesInLesson, (await AskAsync(busy, CommandKind.Snapshot)).Refusal);
        Assert.True(await AgreeAsync(busy, false, Roles.SchoolHead, itsSchool));
        Assert.Equal(
            [AuditAction.AgreedToPictures, AuditAction.WithdrewPictures],
            (await scene.AuditAsync(busy.DeviceId)).Select(e => e.Action).Where(a => a is AuditAction.AgreedToPictures or AuditAction.WithdrewPictures));
    }

    /// <summary>Lessons here last 40 minutes by the bell; pupils stay a while.</summary>
    [Theory]
    [InlineData(-30, LessonPhase.Judged, -12, true)] // stopped before its bell
    [InlineData(-50, LessonPhase.Planned, null, true)] // over by the bell for ten minutes
    [InlineData(-90, LessonPhase.Judged, -14, true)] // went on beyond its bell
    [InlineData(-90, LessonPhase.Interrupted, null, true)]
    [InlineData(-60, LessonPhase.Judged, -20, false)]
    [InlineData(-10, LessonPhase.Cancelled, null, false)]
    public async Task NoPicture_WhilePupilsMayStillBeThere(int began, LessonPhase phase, int? ended, bool refused)
    {
        (EnrolResponse device, Guid school) = await SceneAsync();
        await AgreeAsync(device, true, Roles.SchoolHead, school);
        var scene = new DeviceScene(host);
        Guid lesson = await scene.LessonAsync((await scene.DeviceAsync(device.DeviceId)).ClassroomId, await scene.RoomAsync(), TimeSpan.FromMinutes(began), phase);
        if (ended is { } minutes)
        {
            DateTimeOffset at = host.Time.Now.AddMinutes(minutes);
            await host.WithAsync<HubDbContext, int>(db => db.Set<Occurrence>().Where(o => o.Id == lesson).ExecuteUpdateAsync(set => set.SetProperty(o => o.EndedAt, at)));
        }

        Assert.Equal(refused ? CommandRefusal.NoPicturesInLesson : null, (await AskAsync(device, CommandKind.Snapshot)).Refusal);
    }

    [Fact]
    public async Task OnlyWhatWasAskedFor_OfItsKindAndSize_FromTheDeviceItself()
    {
        (EnrolResponse device, Guid school) = await SceneAsync();
        (EnrolResponse other, _) = await SceneAsync();
        await AgreeAsync(device, true, Roles.SchoolHead, school);
        Guid picture = (await AskAsync(device, CommandKind.Snapshot)).Value, log = (await AskAsync(device, CommandKind.FetchLogs)).Value, check = (await AskAsync(device, CommandKind.SelfCheck)).Value;
        Assert.Equal(HttpStatusCode.NotFound, await PutAsync(other, picture, Jpeg));
        Assert.Equal(HttpStatusCode.NotFound, await PutAsync(device, Guid.NewGuid(), Jpeg));
        Assert.Equal(HttpStatusCode.NotFound, await PutAsync(device, check, Jpeg));
        Assert.Equal(HttpStatusCode.BadRequest, await PutAsync(device, picture, Gzip));
        Assert.Equal(HttpStatusCode.BadRequest, await PutAsync(device, picture, []));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await PutAsync(device, picture, [.. Jpeg, .. new byte[300 << 10]]));
        Assert.Equal(HttpStatusCode.NoContent, await PutAsync(device, picture, Jpeg));
        Assert.Equal(HttpStatusCode.NoContent, await PutAsync(device, picture, [.. Jpeg, 9])); // the first counts
        Assert.Equal(HttpStatusCode.NoContent, await PutAsync(device, log, Gzip));
        Assert.Equal(7, (await FileAsync(picture))!.Bytes);
    }

    [Fact]
    public async Task APicture_WhoseAgreementWasTakenBackOnItsWay_IsNotKept()
    {
        (EnrolResponse device, Guid school) = await SceneAsync();
        await AgreeAsync(device, true, Roles.SchoolHead, school);
        Guid picture = (await AskAsync(device, CommandKind.Snapshot)).Value;
        await AgreeAsync(device, false, Roles.SchoolHead, school);
        Assert.Equal(HttpStatusCode.NotFound, await PutAsync(device, picture, Jpeg));
        Assert.Null(await FileAsync(picture));
    }

    [Fact]
    public async Task CountyDeviceStaffSeeIt_EveryLookIsNoted_AndAfterItsTimeItIsGone()
    {
        (EnrolResponse device, Guid school) = await SceneAsync();
        await AgreeAsync(device, true, Roles.SchoolHead, school);
        Guid picture = (await AskAsync(device, CommandKind.Snapshot)).Value, log = (await AskAsync(device, CommandKind.FetchLogs)).Value;
        await PutAsync(device, picture, Jpeg);
        await PutAsync(device, log, Gzip);
        string seen = $"/devices/{device.DeviceId}/commands?handler=File&command={picture}", read = $"/devices/{device.DeviceId}/commands?handler=File&command={log}";
        using HttpClient county = await host.SignedInAsync(Roles.CountyStaff), admin = await host.SignedInAsync(Roles.SystemAdmin), inspector = await host.SignedInAsync(Roles.Inspector);
        IHtmlDocument page = await PagesHub.PageAsync(county, $"/devices/{device.DeviceId}");
        Assert.Equal([read, seen], page.QuerySelectorAll(".command-file").Select(a => a.GetAttribute("href")));
        Assert.Equal([read], (await PagesHub.PageAsync(admin, $"/devices/{device.DeviceId}")).QuerySelectorAll(".command-file").Select(a => a.GetAttribute("href")));
        using HttpResponseMessage look = await county.GetAsync(new Uri(seen, UriKind.Relative)), save = await admin.GetAsync(new Uri(read, UriKind.Relative));
        Assert.Equal(("image/jpeg", true), (look.Content.Headers.ContentType!.MediaType, look.Headers.CacheControl!.NoStore));
        Assert.Equal(Jpeg, await look.Content.ReadAsByteArrayAsync());
        Assert.Equal(Gzip, await save.Content.ReadAsByteArrayAsync());
        Assert.Equal(HttpStatusCode.Found, (await admin.GetAsync(new Uri(seen, UriKind.Relative))).StatusCode); // to "not allowed"
        Assert.Equal(HttpStatusCode.Found, (await inspector.GetAsync(new Uri(read, UriKind.Relative))).StatusCode);
        Assert.Equal(
            [AuditAction.WatchedPicture, AuditAction.ReadDeviceLog],
            (await new DeviceScene(host).AuditAsync(device.DeviceId)).Select(e => e.Action).Where(a => a is AuditAction.WatchedPicture or AuditAction.ReadDeviceLog));

        host.Time.Advance(TimeSpan.FromDays(7));
        await host.WithAsync<CommandFiles, int>(async files =>
        {
            await files.CleanAsync(CancellationToken.None);
            return 0;
        });
        Assert.Null(await FileAsync(picture));
        Assert.NotNull(await FileAsync(log));
        using HttpClient later = await host.SignedInAsync(Roles.CountyStaff);
        Assert.Equal(HttpStatusCode.NotFound, (await later.GetAsync(new Uri(seen, UriKind.Relative))).StatusCode);
    }

    [Fact]
    public async Task AReboot_IsAskedForOnceMore()
    {
        (EnrolResponse device, _) = await SceneAsync();
        using HttpClient county = await host.SignedInAsync(Roles.CountyStaff);
        Assert.True((await AskAsync(device, CommandKind.SetVolume, value: 100)).IsOk);
        Assert.Equal(CommandRefusal.NotOffered, (await AskAsync(device, CommandKind.SetVolume, value: 101)).Refusal);
        IHtmlDocument page = await PagesHub.PageAsync(county, $"/devices/{device.DeviceId}");
        Assert.NotNull(page.QuerySelector("details.command-more button[data-command=Reboot]"));
        Assert.NotNull(page.QuerySelector("input[name=value][type=number][max='100']"));
    }

    private static Caller Person(string role, Guid? school) => new(Guid.NewGuid(), "someone", "", school, new HashSet<string> { role });

    private async Task<(EnrolResponse Device, Guid School)> SceneAsync()
    {
        EnrolResponse device = await host.EnrolAsync();
        return (device, await host.WithAsync<HubDbContext, Guid>(db => db.Set<Device>().Where(d => d.Id == device.DeviceId).Select(d => d.Classroom.SchoolId).SingleAsync()));
    }

    private Task<Result<Guid, CommandRefusal>> AskAsync(EnrolResponse device, CommandKind kind, string role = Roles.CountyStaff, Guid? school = null, int? value = null) =>
        host.WithAsync<CommandDesk, Result<Guid, CommandRefusal>>(desk => desk.AskAsync(device.DeviceId, kind, new CommandWish(value), false, Person(role, school), CancellationToken.None));

    private Task<bool> AgreeAsync(EnrolResponse device, bool agreed, string role, Guid? school) =>
        host.WithAsync<PictureDesk, bool>(desk => desk.SetAsync(device.DeviceId, agreed, Person(role, school), CancellationToken.None));

    private async Task<HttpStatusCode> PutAsync(EnrolResponse device, Guid command, byte[] bytes)
    {
        var scene = new DeviceScene(host);
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/device/commands/{command}/file") { Content = new ByteArrayContent(bytes) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await scene.TokenAsync(device));
        using HttpResponseMessage answer = await scene.Client.SendAsync(request);
        return answer.StatusCode;
    }

    private Task<CommandFile?> FileAsync(Guid command) =>
        host.WithAsync<HubDbContext, CommandFile?>(db => db.Set<CommandFile>().AsNoTracking().SingleOrDefaultAsync(f => f.CommandId == command));
}
