using System.Diagnostics;
using System.Formats.Tar;
using FsCheck;
using FsCheck.Fluent;
using ThreeClassrooms.Agent.Tests.Enrolment;
using ThreeClassrooms.Agent.Updating;

namespace ThreeClassrooms.Agent.Tests.Updating;

public sealed class PackageUnpackingTests : IDisposable
{
    private static readonly PackageLimits Small = new(10, 1000);

    private readonly TemporaryFolder _folder = new();

    private string Target => Path.Combine(_folder.Path, "target");

    public static TheoryData<string, object> Hostile => new()
    {
        { "a name that leads elsewhere", Packages.File("../outside") },
        { "a name that leads elsewhere", Packages.File("/etc/outside") },
        { "a name that leads elsewhere", Packages.File("en/../../outside") },
        { "a name that leads elsewhere", Packages.File("en//outside") },
        { "a name that leads elsewhere", Packages.File("en\\outside") },
        { "a name that leads elsewhere", Packages.File("line\abreak") },
        { "a name that leads elsewhere", Packages.File(new string('n', 201)) },
        { "SymbolicLink", Packages.Link(TarEntryType.SymbolicLink, "link", "/etc/passwd") },
        { "HardLink", Packages.Link(TarEntryType.HardLink, "link", "first") },
        { "Fifo", new PaxTarEntry(TarEntryType.Fifo, "pipe") },
        { "CharacterDevice", new PaxTarEntry(TarEntryType.CharacterDevice, "null") { DeviceMajor = 1, DeviceMinor = 3 } },
        { "BlockDevice", new PaxTarEntry(TarEntryType.BlockDevice, "disk") { DeviceMajor = 8, DeviceMinor = 0 } },
        { "too large", Packages.File("large", new string('x', 1001)) },
        { "a file twice", Packages.File("first") },
        { "a file twice", Packages.File("./first") },
    };

    [Fact]
    public void Agent_IsUnpackedWithItsFolders_AndPlainModes()
    {
        Assert.Null(Unpack(Packages.Pack(Packages.Agent("9.0.1"))));
        Assert.True(ReleaseStore.IsAgent(Target, "9.0.1"));
        Assert.False(ReleaseStore.IsAgent(Target, "9.0.2"));
        Assert.Equal("content", File.ReadAllText(Path.Combine(Target, "en", "words.dll")));
        Assert.Equal(Convert.ToInt32("755", 8), (int)File.GetUnixFileMode(Path.Combine(Target, "tool")));
        Assert.Equal(Convert.ToInt32("644", 8), (int)File.GetUnixFileMode(Path.Combine(Target, "ThreeClassrooms.Agent.dll")));
    }

    [Theory]
    [InlineData("ustar")]
    [InlineData("gnu")]
    [InlineData("pax")]
    public void PackageOfTheSystemsTar_IsUnpacked(string format)
    {
        string files = Path.Combine(_folder.Path, "files"), package = Path.Combine(_folder.Path, "package.tar.gz");
        Directory.CreateDirectory(Path.Combine(files, "runtimes", "linux-x64", "native"));
        foreach ((string name, string content) in new[]
        {
            (ReleaseStore.Program, "x"), ("ThreeClassrooms.Agent.runtimeconfig.json", "{}"), ("release.json", """{"version":"9.0.1"}"""), ("runtimes/linux-x64/native/library.so", "y"),
        })
        {
            File.WriteAllText(Path.Combine(files, name), content);
        }

        using (var tar = Process.Start("tar", [$"--format={format}", "--sort=name", "-C", files, "-czf", package, "."]))
        {
            tar.WaitForExit();
            Assert.Equal(0, tar.ExitCode);
        }

        Assert.Null(Unpack(File.ReadAllBytes(package)));
        Assert.True(ReleaseStore.IsAgent(Target, "9.0.1"));
        Assert.Equal("y", File.ReadAllText(Path.Combine(Target, "runtimes", "linux-x64", "native", "library.so")));
    }

    [Theory]
    [MemberData(nameof(Hostile))]
    public void HostilePackage_IsRefused_AndNothingIsWrittenElsewhere(string reason, object entry)
    {
        string? fault = Unpack(Packages.Pack(Packages.File("first"), (TarEntry)entry));
        Assert.Contains(reason, fault, StringComparison.Ordinal);
        Assert.Equal([Target], Directory.EnumerateFileSystemEntries(_folder.Path));
        Assert.Equal(["first"], Directory.EnumerateFileSystemEntries(Target).Select(Path.GetFileName));
    }

    [Fact]
    public void TooManyFiles_AreRefused() =>
        Assert.Equal("too many files", Unpack(Packages.Pack([.. Enumerable.Range(0, 11).Select(n => Packages.File($"file{n}"))])));

    [Fact]
    public void FileWhereAFolderShouldBe_IsRefused() =>
        Assert.ThrowsAny<IOException>(() => Unpack(Packages.Pack(Packages.File("first"), Packages.File("first/second"))));

    /// <summary>A flipped bit, or an end too soon: unpacked whole and the same, or refused; nothing else.</summary>
    [Fact]
    public void DamagedPackage_IsRefused_OrHarmless()
    {
        byte[] whole = Packages.Pack(Packages.Agent("9.0.1"));
        Prop.ForAll(Gen.Choose(0, whole.Length - 1).Zip(Gen.Choose(0, 8)).ToArbitrary(), damage =>
        {
            (int at, int bit) = damage;
            byte[] damaged = bit == 8 ? whole[..at] : [.. whole];
            if (bit < 8)
            {
                damaged[at] ^= (byte)(1 << bit);
            }

            try
            {
                Unpack(damaged);
            }
            catch (IOException)
            {
                // A file where a folder should be.
            }

            bool inside = Directory.EnumerateFileSystemEntries(_folder.Path).All(e => e == Target);
            if (Directory.Exists(Target))
            {
                Directory.Delete(Target, recursive: true);
            }

            return inside;
        }).QuickCheckThrowOnFailure();
    }

    public void Dispose() => _folder.Dispose();

    private string? Unpack(byte[] package) => PackageUnpacking.Unpack(new MemoryStream(package), Target, Small);
}
