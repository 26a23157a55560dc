using System.Net;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Logging.Abstractions;
using ThreeClassrooms.Agent.Tests.Enrolment;
using ThreeClassrooms.Agent.Updating;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Tests.Updating;

public sealed class PackageDownloadTests : IDisposable
{
    private static readonly byte[] Package = [.. Enumerable.Range(0, 300_000).Select(n => (byte)(n * n / 7))];
    private static readonly AgentRelease Release = Packages.Release("9.0.1", Package);

    private readonly TemporaryFolder _folder = new();
    private readonly FakeShelf _shelf = new(Package);
    private int _pauses;
    private bool _inLesson;

    private string Part => Path.Combine(_folder.Path, "part");

    [Fact]
    public async Task BrokenLine_IsTakenUpWhereItBroke()
    {
        _shelf.Breaks.Enqueue(1000);
        _shelf.Breaks.Enqueue(200_000);
        Assert.Null(await FetchAsync(Release));
        Assert.Equal(Package, await File.ReadAllBytesAsync(Part));
        const string path = "/api/device/releases/9.0.1/package";
        Assert.Equal([path, path + " bytes=1000-", path + " bytes=201000-"], _shelf.Asked);
    }

    [Fact]
    public async Task WhatWasFetchedBeforeARestart_IsNotFetchedAgain()
    {
        await File.WriteAllBytesAsync(Part, Package[..299_000]);
        Assert.Null(await FetchAsync(Release));
        Assert.EndsWith(" bytes=299000-", Assert.Single(_shelf.Asked), StringComparison.Ordinal);
        Assert.Null(await FetchAsync(Release));
        Assert.Single(_shelf.Asked);
    }

    [Fact]
    public async Task HubThatKnowsNoRanges_SendsItAllAgain()
    {
        _shelf.KnowsRanges = false;
        await File.WriteAllBytesAsync(Part, [9, 9, 9]);
        Assert.Null(await FetchAsync(Release));
        Assert.Equal(Package, await File.ReadAllBytesAsync(Part));
    }

    [Fact]
    public async Task OtherPlaceThanAskedFor_IsNotWritten()
    {
        _shelf.Skew = 5;
        await File.WriteAllBytesAsync(Part, Package[..1000]);
        Assert.Null(await FetchAsync(Release)); // from the beginning
        Assert.Equal(2, _shelf.Asked.Count);
    }

    [Fact]
    public async Task OtherContentThanWasSaid_IsRemoved()
    {
        Assert.Equal(UpdateRefusal.Checksum, await FetchAsync(Release with { Sha256 = new string('0', 64) }));
        Assert.False(File.Exists(Part));
    }

    [Fact]
    public async Task MoreThanWasSaid_IsNotWritten()
    {
        Assert.Equal(UpdateRefusal.Checksum, await FetchAsync(Release with { Bytes = 250_000 }));
        Assert.False(File.Exists(Part));
    }

    [Fact]
    public async Task LessThanWasSaid_IsGivenUp()
    {
        Assert.Equal(UpdateRefusal.Download, await FetchAsync(Release with { Bytes = 300_001 }));
        Assert.InRange(_shelf.Asked.Count, 2, 20);
    }

    [Fact]
    public async Task WithdrawnRelease_IsNoRelease_AndAHubInTroubleIsAskedAgain()
    {
        _shelf.Instead.Enqueue(HttpStatusCode.ServiceUnavailable);
        _shelf.Instead.Enqueue(HttpStatusCode.Unauthorized);
        _shelf.Instead.Enqueue(HttpStatusCode.NotFound);
        Assert.Equal(UpdateRefusal.NoRelease, await FetchAsync(Release));
        Assert.Equal(2, _pauses);
    }

    [Fact]
    public async Task BeforeALesson_TheLineIsGivenUp_AndWhatIsThereIsKept()
    {
        _inLesson = true;
        Assert.Equal(UpdateRefusal.InLesson, await FetchAsync(Release));
        Assert.InRange(new FileInfo(Part).Length, 1, Package.Length - 1);
        _inLesson = false;
        Assert.Null(await FetchAsync(Release));
    }

    [Fact]
    public void AnyBreaks_EndWithThePackage_OrADownloadGivenUp() =>
        Prop.ForAll(Gen.Elements(0, 0, 1, 100, 99_999, 150_000).ArrayOf(12).ToArbitrary(), breaks =>
        {
            File.Delete(Part);
            _shelf.Breaks.Clear();
            Array.ForEach(breaks, _shelf.Breaks.Enqueue);
            UpdateRefusal? refusal = FetchAsync(Release).GetAwaiter().GetResult();
            return refusal is null ? File.ReadAllBytes(Part).AsSpan().SequenceEqual(Package) : refusal == UpdateRefusal.Download;
        }).QuickCheckThrowOnFailure();

    public void Dispose()
    {
        _shelf.Dispose();
        _folder.Dispose();
    }

    private async Task<UpdateRefusal?> FetchAsync(AgentRelease release)
    {
        using var client = new HttpClient(_shelf, disposeHandler: false) { BaseAddress = new Uri("https://hub.example") };
        var download = new PackageDownload(new DownloadSurroundings(
            client, _ => Task.FromResult<string?>("token"), () => _inLesson,
            (_, _) =>
            {
                _pauses++;
                return Task.CompletedTask;
            },
            NullLogger.Instance));
        return await download.FetchAsync(release, Part, CancellationToken.None);
    }
}
