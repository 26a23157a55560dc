using System.Formats.Tar;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using ThreeClassrooms.Agent.Enrolment;
using ThreeClassrooms.Agent.Telemetry;
using ThreeClassrooms.Agent.Tests.Enrolment;
using ThreeClassrooms.Agent.Updating;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Tests.Updating;

public sealed class UpdateActionTests : IDisposable
{
    private const string Running = "9.0.0", Next = "9.0.1";

    private readonly TemporaryFolder _folder = new();
    private byte[] _package = Packages.Pack(Packages.Agent(Next));
    private Result<AgentRelease, HubRefusal>? _told;
    private UpdateRefusal? _download;
    private string? _key;
    private bool _replaceable = true;
    private int _looks;
    private Func<int, bool> _inLesson = _ => false;
    private long _free = long.MaxValue;

    private ReleaseStore Store => new(_folder.Path);

    [Fact]
    public async Task GoodRelease_IsStaged_AndTheAgentEndsToTryIt()
    {
        AgentCommand command = Command(Next);
        CommandAnswer answer = await Action().RunAsync(command, CancellationToken.None);
        Assert.Equal((CommandOutcome.Done, true, true), (answer.Outcome, answer.Restart, answer.AnsweredLater));
        Assert.Equal(new SlotState(Running, Trial: new Trial(Next, 0, command.Id)), Store.Load());
        Assert.Equal([Next], Store.There());
        Assert.Equal([Store.FolderOf(Next), Path.Combine(Store.Folder, "state.json")], Directory.EnumerateFileSystemEntries(Store.Folder).Order());
    }

    [Fact]
    public async Task VersionThatRuns_IsDone()
    {
        _inLesson = _ => true;
        CommandAnswer answer = await Action().RunAsync(Command(Running), CancellationToken.None);
        Assert.Equal(CommandAnswer.Done, answer);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("../9.0.1")]
    [InlineData("newest")]
    public Task NoVersion_IsNoRelease(string? version) => RefusedAsync(UpdateReasons.NoRelease, version);

    [Fact]
    public Task AgentThatNobodyStartsAgain_IsNotReplaced()
    {
        _replaceable = false;
        return RefusedAsync(UpdateReasons.NotReplaceable);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public Task AroundALesson_NothingIsChanged_AlsoWhenItComesNearMeanwhile(int look)
    {
        _inLesson = n => n >= look;
        return RefusedAsync(UpdateReasons.InLesson);
    }

    [Theory]
    [InlineData(HubRefusal.NotUnderstood, UpdateReasons.NoRelease)]
    [InlineData(HubRefusal.Unreachable, UpdateReasons.Download)]
    internal Task HubThatDoesNotTell_IsSaid(HubRefusal refusal, string word)
    {
        _told = refusal;
        return RefusedAsync(word);
    }

    [Theory]
    [InlineData("9.0.2", 100, null)]
    [InlineData(Next, 0, null)]
    [InlineData(Next, AgentReleases.MaxBytes + 1, null)]
    [InlineData(Next, 100, "not a digest")]
    public Task ReleaseThatIsNone_IsNotFetched(string version, long bytes, string? digest)
    {
        _told = new AgentRelease(version, digest ?? new string('0', 64), bytes);
        return RefusedAsync(UpdateReasons.NoRelease);
    }

    [Fact]
    public Task FullDisk_IsSaidBeforeAnythingIsFetched()
    {
        _free = (3 * _package.Length) - 1;
        return RefusedAsync(UpdateReasons.NoSpace);
    }

    [Fact]
    public Task Download_SaysWhyNot()
    {
        _download = UpdateRefusal.Checksum;
        return RefusedAsync(UpdateReasons.Checksum);
    }

    [Fact]
    public async Task PackageOfAnotherVersion_OrWithoutAgent_OrNoPackage_IsRefused_AndNothingIsLeft()
    {
        foreach (byte[] package in new[]
        {
            Packages.Pack(Packages.Agent("9.0.2")), Packages.Pack(Packages.File("release.json", """{"version":"9.0.1"}""")), [1, 2, 3], [],
            Packages.Pack([.. Packages.Agent(Next), Packages.Link(TarEntryType.SymbolicLink, "link", "/")]),
            Packages.Pack([.. Packages.Agent(Next), Packages.File("release.json/under")]),
        })
        {
            _package = package.Length == 0 ? [0] : package;
            await RefusedAsync(UpdateReasons.Package);
            Assert.Empty(Directory.EnumerateFileSystemEntries(Store.Folder));
        }
    }

    [Fact]
    public async Task DeviceWithAKey_TakesWhatIsSignedForIt_AndNothingElse()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var larger = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        _key = Path.Combine(_folder.Path, "key.pem");
        await File.WriteAllTextAsync(_key, key.ExportSubjectPublicKeyInfoPem());
        foreach (string? signature in new[] { null, "", "not base64!", "AAAA", Sign(other), Sign(larger) })
        {
            _told = Packages.Release(Next, _package, signature);
            await RefusedAsync(UpdateReasons.Signature);
        }

        _told = Packages.Release(Next, _package, PackageSignature.Sign(new MemoryStream(_package), key.ExportPkcs8PrivateKeyPem()));
        Assert.Throws<ArgumentException>(() => PackageSignature.Sign(new MemoryStream(_package), larger.ExportPkcs8PrivateKeyPem()));
        await File.WriteAllTextAsync(_key, larger.ExportSubjectPublicKeyInfoPem());
        await RefusedAsync(UpdateReasons.Signature);
        await File.WriteAllTextAsync(_key, "no key");
        await RefusedAsync(UpdateReasons.Signature);
        await File.WriteAllTextAsync(_key, key.ExportSubjectPublicKeyInfoPem());
        Assert.True((await Action().RunAsync(Command(Next), CancellationToken.None)).Restart);
    }

    [Fact]
    public async Task ReleaseThatRolledBack_MayBeTriedAgain()
    {
        await Action().RunAsync(Command(Next), CancellationToken.None);
        Store.TrySave(Store.Load()!.GiveUp(RollBackReason.Ended, DateTimeOffset.UnixEpoch) with { Answer = null });
        AgentCommand again = Command(Next);
        Assert.True((await Action().RunAsync(again, CancellationToken.None)).Restart);
        Assert.Equal(new Trial(Next, 0, again.Id), Store.Load()!.Trial);
    }

    public void Dispose() => _folder.Dispose();

    private static AgentCommand Command(string? version) => new(Guid.NewGuid(), CommandKind.Update, DateTimeOffset.MaxValue, Text: version);

    private string Sign(ECDsa key) => Convert.ToBase64String(key.SignData(_package, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));

    private async Task RefusedAsync(string word, string? version = Next)
    {
        CommandAnswer answer = await Action().RunAsync(Command(version), CancellationToken.None);
        Assert.Equal(CommandAnswer.Failed(word), answer);
        Assert.Null(Store.Load()?.Trial);
    }

    private UpdateAction Action()
    {
        _looks = 0;
        return new UpdateAction(new UpdateSurroundings(
            Running, () => _replaceable, () => _inLesson(++_looks), (version, _) => Task.FromResult(_told ?? Packages.Release(version, _package)),
            async (_, file, stop) =>
            {
                await File.WriteAllBytesAsync(file, _package, stop);
                return _download;
            },
            new PackageSignature(_key, NullLogger.Instance), () => _free, Store, NullLogger.Instance));
    }
}
