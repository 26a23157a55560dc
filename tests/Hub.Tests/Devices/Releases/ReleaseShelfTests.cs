using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Devices;
using ThreeClassrooms.Hub.Devices.Releases;
using ThreeClassrooms.Hub.Storage;
using ThreeClassrooms.Hub.Tests.Hosting;

namespace ThreeClassrooms.Hub.Tests.Devices.Releases;

/// <summary>Releases come in from the installation and go out to devices.</summary>
public sealed class ReleaseShelfTests(HubHost host) : IClassFixture<HubHost>
{
    private static readonly Caller County = new(Guid.NewGuid(), "county", "", null, new HashSet<string> { Roles.CountyStaff });

    [Fact]
    public async Task WhatTheInstallationLaid_IsTakenIn_AndHandedOutToDevices()
    {
        byte[] bytes = Packages.Of("1.0.1", new string('a', 50_000));
        string signature = Convert.ToBase64String(new byte[64]);
        await LayAsync("agent.tar.gz", bytes);
        await File.WriteAllTextAsync(Path.Combine(Incoming, "agent.tar.gz.sig"), signature + "\n");
        Assert.Equal([new IntakeLine("agent.tar.gz", "1.0.1", null)], await TakeAllAsync());
        Assert.Empty(Directory.GetFiles(Incoming, "agent*"));
        (DeviceScene scene, string token) = await DeviceAsync();
        AgentRelease release = (await (await scene.GetAsync(AgentReleases.ManifestPath("1.0.1"), token)).Content.ReadFromJsonAsync<AgentRelease>(DeviceJson.Options))!;
        Assert.Equal((bytes.LongLength, signature), (release.Bytes, release.Signature));
        using HttpResponseMessage whole = await scene.GetAsync(AgentReleases.PackagePath("1.0.1"), token);
        byte[] got = await whole.Content.ReadAsByteArrayAsync();
        Assert.Equal(bytes, got);
        Assert.Equal(release.Sha256, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(got)));
        using HttpResponseMessage rest = await RangeAsync(scene, token, 100);
        Assert.Equal(HttpStatusCode.PartialContent, rest.StatusCode);
        Assert.Equal(bytes[100..], await rest.Content.ReadAsByteArrayAsync());
        Assert.Equal(AuditAction.AddedRelease, Assert.Single(await scene.AuditAsync("1.0.1")).Action);
    }

    [Fact]
    public async Task TheSameOnceMore_IsThereAlready_AnotherOfTheVersion_IsRefusedAndSetAside()
    {
        await LayAsync("one.tar.gz", Packages.Of("1.0.2"));
        await TakeAllAsync();
        await LayAsync("one.tar.gz", Packages.Of("1.0.2"));
        Assert.Equal([new IntakeLine("one.tar.gz", "1.0.2", null)], await TakeAllAsync());
        await LayAsync("other.tar.gz", Packages.Of("1.0.2", "other"));
        Assert.Equal([new IntakeLine("other.tar.gz", null, ReleaseRefusal.OtherContent)], await TakeAllAsync());
        Assert.Empty(await TakeAllAsync());
        await LayAsync("bad.tar.gz", Packages.Of("1.0.3"));
        await File.WriteAllTextAsync(Path.Combine(Incoming, "bad.tar.gz.sig"), new string('x', 5000));
        Assert.Equal(ReleaseRefusal.BadSignature, Assert.Single(await TakeAllAsync()).Refusal);
        Assert.Equal("1.0.2", (await host.WithAsync<ReleaseShelf, StoredRelease?>(s => s.OfferedAsync("1.0.2", CancellationToken.None)))!.Version);
        Assert.Null(await host.WithAsync<ReleaseShelf, StoredRelease?>(s => s.OfferedAsync("1.0.3", CancellationToken.None)));
    }

    [Fact]
    public async Task WhereTheInstallationMadeAKey_OnlySignedPackagesAreTaken_AndDevicesGetTheKey()
    {
        using var key = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        string file = Path.Combine(host.Folder, "releases", "release-key.pem");
        await File.WriteAllTextAsync(file, key.ExportSubjectPublicKeyInfoPem());
        try
        {
            byte[] package = Packages.Of("1.0.9", "signed");
            await LayAsync("unsigned.tar.gz", package);
            Assert.Equal([new IntakeLine("unsigned.tar.gz", null, ReleaseRefusal.BadSignature)], await TakeAllAsync());
            await LayAsync("foreign.tar.gz", package);
            await File.WriteAllTextAsync(Path.Combine(Incoming, "foreign.tar.gz.sig"), Convert.ToBase64String(new byte[64]));
            Assert.Equal([new IntakeLine("foreign.tar.gz", null, ReleaseRefusal.BadSignature)], await TakeAllAsync());
            await LayAsync("signed.tar.gz", package);
            byte[] signature = key.SignData(
                package, System.Security.Cryptography.HashAlgorithmName.SHA256, System.Security.Cryptography.DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
            await File.WriteAllTextAsync(Path.Combine(Incoming, "signed.tar.gz.sig"), Convert.ToBase64String(signature));
            Assert.Equal([new IntakeLine("signed.tar.gz", "1.0.9", null)], await TakeAllAsync());
            var scene = new DeviceScene(host);
            Assert.Equal(key.ExportSubjectPublicKeyInfoPem(), (await scene.EnrolAsync(await scene.RoomAsync())).ReleaseKey);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task AWithdrawnRelease_IsGivenToNobody_UntilItIsOfferedAgain()
    {
        await LayAsync("w.tar.gz", Packages.Of("1.0.4"));
        await TakeAllAsync();
        (DeviceScene scene, string token) = await DeviceAsync();
        Assert.Null(await WithdrawAsync("1.0.4", true, County));
        foreach (string path in new[] { AgentReleases.ManifestPath("1.0.4"), AgentReleases.PackagePath("1.0.4"), AgentReleases.ManifestPath("9.9.9"), AgentReleases.PackagePath("a%2Fb") })
        {
            using HttpResponseMessage refused = await scene.GetAsync(path, token);
            Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
        }

        Assert.Equal(ErrorCodes.NoSuchRelease, await DeviceScene.CodeOfAsync(await scene.GetAsync(AgentReleases.PackagePath("1.0.4"), token)));
        Assert.Null(await WithdrawAsync("1.0.4", false, County));
        Assert.Equal(HttpStatusCode.OK, (await scene.GetAsync(AgentReleases.PackagePath("1.0.4"), token)).StatusCode);
        Assert.Equal([AuditAction.AddedRelease, AuditAction.WithdrewRelease, AuditAction.RestoredRelease], (await scene.AuditAsync("1.0.4")).Select(e => e.Action));
    }

    [Fact]
    public async Task OnlyDeviceStaff_Withdraw_AndOnlyEnabledDevices_Fetch()
    {
        await LayAsync("r.tar.gz", Packages.Of("1.0.5"));
        await TakeAllAsync();
        foreach (string role in Roles.All)
        {
            Caller caller = County with { Roles = new HashSet<string> { role }, SchoolId = Guid.NewGuid() };
            bool may = role is Roles.CountyStaff or Roles.SystemAdmin;
            Assert.Equal(may ? null : ReleaseRefusal.NotAllowed, await WithdrawAsync("1.0.5", false, caller));
        }

        Assert.Equal(ReleaseRefusal.Unknown, await WithdrawAsync("7.7.7", true, County));
        (DeviceScene scene, string token) = await DeviceAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, (await scene.GetAsync(AgentReleases.PackagePath("1.0.5"), null)).StatusCode);
        using HttpClient person = await host.SignedInAsync(Roles.CountyStaff);
        Assert.Equal(HttpStatusCode.Unauthorized, (await person.GetAsync(new Uri(AgentReleases.PackagePath("1.0.5"), UriKind.Relative))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await scene.GetAsync(AgentReleases.ManifestPath("1.0.5"), token)).StatusCode);
    }

    [Fact]
    public async Task ADeviceThatAsksTooOften_Waits()
    {
        await LayAsync("l.tar.gz", Packages.Of("1.0.6"));
        await TakeAllAsync();
        (DeviceScene scene, string token) = await DeviceAsync();
        HttpStatusCode last = HttpStatusCode.OK;
        for (int i = 0; i < 40 && last == HttpStatusCode.OK; i++)
        {
            last = (await scene.GetAsync(AgentReleases.ManifestPath("1.0.6"), token)).StatusCode;
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, last);
        (_, string other) = await DeviceAsync();
        Assert.Equal(HttpStatusCode.OK, (await scene.GetAsync(AgentReleases.ManifestPath("1.0.6"), other)).StatusCode);
    }

    [Fact]
    public async Task AFileThatWasLostOnTheDisk_IsNotFound_NotAFault()
    {
        await LayAsync("g.tar.gz", Packages.Of("1.0.7"));
        await TakeAllAsync();
        File.Delete(Path.Combine(host.Folder, "releases", "1.0.7.tar.gz"));
        (DeviceScene scene, string token) = await DeviceAsync();
        Assert.Equal(HttpStatusCode.NotFound, (await scene.GetAsync(AgentReleases.PackagePath("1.0.7"), token)).StatusCode);
        await LayAsync("g.tar.gz", Packages.Of("1.0.7")); // the same brings it back
        await TakeAllAsync();
        Assert.Equal(HttpStatusCode.OK, (await scene.GetAsync(AgentReleases.PackagePath("1.0.7"), token)).StatusCode);
        Assert.Equal(1, await host.WithAsync<HubDbContext, int>(db => db.Set<StoredRelease>().CountAsync(r => r.Version == "1.0.7")));
    }

    private string Incoming => Directory.CreateDirectory(Path.Combine(host.Folder, "releases", "incoming")).FullName;

    private async Task LayAsync(string name, byte[] bytes)
    {
        await host.Services.GetRequiredService<ReleaseIntake>().ExecuteTask!; // what lay there at the start
        await File.WriteAllBytesAsync(Path.Combine(Incoming, name), bytes);
    }

    private Task<IReadOnlyList<IntakeLine>> TakeAllAsync() => host.Services.GetRequiredService<ReleaseIntake>().TakeAllAsync(CancellationToken.None);

    private Task<ReleaseRefusal?> WithdrawAsync(string version, bool withdrawn, Caller caller) =>
        host.WithAsync<ReleaseShelf, ReleaseRefusal?>(s => s.SetWithdrawnAsync(version, withdrawn, caller, CancellationToken.None));

    private async Task<(DeviceScene Scene, string Token)> DeviceAsync()
    {
        var scene = new DeviceScene(host);
        return (scene, await scene.TokenAsync(await scene.EnrolAsync(await scene.RoomAsync())));
    }

    private static Task<HttpResponseMessage> RangeAsync(DeviceScene scene, string token, int from)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, AgentReleases.PackagePath("1.0.1"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.Range = new RangeHeaderValue(from, null);
        return scene.Client.SendAsync(request);
    }
}
