using System.Net;
using System.Net.Http.Headers;
using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Devices.Releases;
using ThreeClassrooms.Hub.Storage;
using ThreeClassrooms.Hub.Tests.Devices.Broker;
using ThreeClassrooms.Hub.Tests.Pages;

namespace ThreeClassrooms.Hub.Tests.Devices.Releases;

/// <summary>The pages of updates as a browser without scripts sees them.</summary>
public sealed class ReleasePagesTests(BrokerHost host) : IClassFixture<BrokerHost>
{
    [Fact]
    public async Task AReleaseIsUploaded_GivenToADevice_PausedAndStopped_AllByForms()
    {
        await using UpdatingDevice device = await UpdatingDevice.UpAsync(host, "0.1.0");
        device.Silent = true;
        HttpClient county = await PersonAsync(Roles.CountyStaff);
        IHtmlDocument page = await PagesHub.PageAsync(county, "/devices/updates");
        Assert.NotNull(page.QuerySelector("#releases .empty-state"));
        HttpResponseMessage uploaded = await UploadAsync(county, page, Packages.Of("2.1.0"));
        Assert.Equal("/devices/updates?added=2.1.0#releases", uploaded.Headers.Location!.ToString());
        page = await PagesHub.PageAsync(county, "/devices/updates?added=2.1.0");
        Assert.NotNull(page.QuerySelector(".note.is-good"));
        Assert.Equal("2.1.0", page.QuerySelector(".releases b")!.TextContent);

        page = await PagesHub.PageAsync(county, "/devices/updates/start?version=2.1.0");
        Dictionary<string, string> wish = new() { ["version"] = "2.1.0", ["scope"] = "Rooms", ["device"] = device.Id, ["shares"] = RolloutShares.Careful, ["atOnce"] = "5", ["watch"] = "30", ["from"] = "22:00", ["until"] = "05:00" };
        IHtmlDocument nothing = await PagesHub.ReadAsync(await PagesHub.PostAsync(county, page, "/devices/updates/start?handler=Preview", new(wish) { ["device"] = "" }));
        Assert.NotNull(nothing.QuerySelector("[role=alert]"));
        IHtmlDocument preview = await PagesHub.ReadAsync(await PagesHub.PostAsync(county, page, "/devices/updates/start?handler=Preview", new(wish)));
        Assert.Single(preview.QuerySelectorAll(".preview-stages li"));
        Assert.Equal(device.Id, preview.QuerySelector(".rollout-preview input[name=device]")!.GetAttribute("value"));
        Assert.Equal(0, await host.WithAsync<HubDbContext, int>(db => db.Set<Rollout>().CountAsync()));
        HttpResponseMessage started = await PagesHub.PostAsync(county, preview, "/devices/updates/start?handler=Start", new(wish));
        string one = started.Headers.Location!.ToString();
        page = await PagesHub.PageAsync(county, one);
        Assert.Single(page.QuerySelectorAll(".stages li"));
        await PagesHub.PostAsync(county, page, $"{one}?handler=Do", new() { ["act"] = "Pause" });
        Assert.NotNull((await PagesHub.PageAsync(county, one)).QuerySelector(".rollout .tag.is-warn"));
        await PagesHub.PostAsync(county, page, $"{one}?handler=Do", new() { ["act"] = "Stop" });
        page = await PagesHub.PageAsync(county, "/devices/updates");
        Assert.NotNull(page.QuerySelector(".rollout .tag.is-bad"));
        IHtmlDocument again = await PagesHub.ReadAsync(await PagesHub.PostAsync(county, page, $"{one}?handler=Do", new() { ["act"] = "Pause" }));
        Assert.NotNull(again.QuerySelector("[role=alert]"));
        Assert.Equal(HttpStatusCode.NotFound, (await county.GetAsync(new Uri($"/devices/updates/{Guid.NewGuid()}", UriKind.Relative))).StatusCode);

        // Withdrawing is asked for once more, and can be undone.
        IHtmlDocument ask = await PagesHub.ReadAsync(await PagesHub.PostAsync(county, page, "/devices/updates?handler=Withdraw", new() { ["version"] = "2.1.0" }));
        Assert.NotNull(ask.QuerySelector("input[name=sure]"));
        HttpResponseMessage withdrawn = await PagesHub.PostAsync(county, page, "/devices/updates?handler=Withdraw", new() { ["version"] = "2.1.0", ["sure"] = "true" });
        page = await PagesHub.PageAsync(county, withdrawn.Headers.Location!.ToString().Split('#')[0]);
        Assert.NotNull(page.QuerySelector(".releases .is-withdrawn"));
        await PagesHub.PostAsync(county, page, "/devices/updates?handler=Restore", new() { ["version"] = "2.1.0" });
        page = await PagesHub.PageAsync(county, "/devices/updates");
        Assert.Null(page.QuerySelector(".releases .is-withdrawn"));
        Assert.NotNull((await PagesHub.PageAsync(county, $"/devices/{device.Id}")).QuerySelector("button[data-command=Update]"));
    }

    [Fact]
    public async Task WhatIsNoPackage_IsRefusedWithWords_NobodyElseUploads_NotWithoutTheForm()
    {
        HttpClient county = await PersonAsync(Roles.CountyStaff), head = await PersonAsync(Roles.SchoolHead);
        IHtmlDocument page = await PagesHub.PageAsync(county, "/devices/updates");
        HttpResponseMessage refused = await UploadAsync(county, page, "nonsense"u8.ToArray());
        page = await PagesHub.PageAsync(county, refused.Headers.Location!.ToString().Split('#')[0]);
        Assert.NotNull(page.QuerySelector("#add .note.is-bad"));
        Assert.Equal("/denied", (await UploadAsync(head, page, Packages.Of("2.2.0"))).Headers.Location!.AbsolutePath);
        using var bare = new MultipartFormDataContent { { new ByteArrayContent(Packages.Of("2.2.0")), "package", "agent.tar.gz" } };
        Assert.Equal(HttpStatusCode.BadRequest, (await county.PostAsync(new Uri("/devices/updates/upload", UriKind.Relative), bare)).StatusCode);
        Assert.False(await host.WithAsync<HubDbContext, bool>(db => db.Set<StoredRelease>().AnyAsync(r => r.Version == "2.2.0")));
        Assert.Empty(Directory.GetFiles(Path.Combine(host.Folder, "releases"), "*.part"));
    }

    private static Task<HttpResponseMessage> UploadAsync(HttpClient person, IHtmlDocument page, byte[] package)
    {
        var form = new MultipartFormDataContent
        {
            { new StringContent(page.QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!), "__RequestVerificationToken" },
        };
        var file = new ByteArrayContent(package);
        file.Headers.ContentType = new MediaTypeHeaderValue("application/gzip");
        form.Add(file, "package", "agent.tar.gz");
        return person.PostAsync(new Uri("/devices/updates/upload", UriKind.Relative), form);
    }

    private async Task<HttpClient> PersonAsync(string role)
    {
        await host.IsWatchingAsync();
        HttpClient person = await host.SignedInAsync(role);

        // The antiforgery cookie beside that of the sign-in, as a browser would keep it.
        using HttpResponseMessage first = await person.GetAsync(new Uri(role == Roles.SchoolHead ? "/schools" : "/devices/updates", UriKind.Relative));
        if (first.Headers.TryGetValues("Set-Cookie", out IEnumerable<string>? given))
        {
            string cookies = string.Join("; ", [.. person.DefaultRequestHeaders.GetValues("Cookie"), .. given.Select(c => c.Split(';')[0])]);
            person.DefaultRequestHeaders.Remove("Cookie");
            person.DefaultRequestHeaders.Add("Cookie", cookies);
        }

        return person;
    }
}
