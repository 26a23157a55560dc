using System.Diagnostics;
using FsCheck;
using FsCheck.Fluent;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Devices.Releases;

namespace ThreeClassrooms.Hub.Tests.Devices.Releases;

/// <summary>What a package may be, and that no bytes whatever bring the hub down.</summary>
public sealed class ReleasePackageTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("packages-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task AnAgentsPackage_TellsItsVersionSizeAndDigest()
    {
        byte[] bytes = Packages.Of("1.4.0-rc2");
        ReleasePackage package = (await ReadAsync(bytes)).Value;
        Assert.Equal(("1.4.0-rc2", bytes.Length), (package.Version, (int)package.Bytes));
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)), package.Sha256);
    }

    [Fact]
    public async Task APackageOfTheSystemsTar_IsRead()
    {
        string source = Path.Combine(_folder, "agent"), target = Path.Combine(_folder, "agent.tar.gz");
        Directory.CreateDirectory(Path.Combine(source, "runtimes", new string('d', 120)));
        await File.WriteAllTextAsync(Path.Combine(source, "runtimes", new string('d', 120), "long.so"), "x");
        await File.WriteAllTextAsync(Path.Combine(source, Packages.Program), new string('x', 3000));
        await File.WriteAllTextAsync(Path.Combine(source, Packages.Mark), """{"version":"2.0.1"}""");
        using Process tar = Process.Start("tar", ["-czf", target, "-C", source, "."]);
        await tar.WaitForExitAsync();
        Assert.Equal("2.0.1", (await ReleasePackage.ReadAsync(target, CancellationToken.None)).Value.Version);
    }

    [Fact]
    public async Task WhatIsNoAgentOrHasNoVersion_IsRefusedWithTheReason()
    {
        Assert.Equal(ReleaseRefusal.NotArchive, (await ReadAsync("not packed"u8.ToArray())).Refusal);
        Assert.Equal(ReleaseRefusal.NotArchive, (await ReadAsync([])).Refusal);
        Assert.Equal(ReleaseRefusal.NotArchive, (await ReadAsync(Packages.Zipped("not a tar"u8.ToArray()))).Refusal);
        Assert.Equal(ReleaseRefusal.NotArchive, (await ReadAsync(Packages.Of("1.0.0")[..^40])).Refusal);
        Assert.Equal(ReleaseRefusal.NotAgent, (await ReadAsync(Packages.Of(("readme", "hello")))).Refusal);
        Assert.Equal(ReleaseRefusal.NotAgent, (await ReadAsync(Packages.Of((Packages.Mark, """{"version":"1.0.0"}""")))).Refusal);
        Assert.Equal(ReleaseRefusal.NotAgent, (await ReadAsync(Packages.Of(($"lib/{Packages.Mark}", """{"version":"1.0.0"}"""), (Packages.Program, "x")))).Refusal);
        foreach (string mark in new[] { "", "{}", "[]", """{"version":null}""", """{"version":"../1.0"}""", """{"version":"1.0"}""", """{"version":"1.0.0 "}""" })
        {
            Assert.Equal(ReleaseRefusal.NoVersion, (await ReadAsync(Packages.Of((Packages.Mark, mark), (Packages.Program, "x")))).Refusal);
        }

        Assert.Equal(ReleaseRefusal.NoVersion, (await ReadAsync(Packages.Of((Packages.Mark, new string(' ', 5000)), (Packages.Program, "x")))).Refusal);
    }

    [Fact]
    public void DamagedArchives_AreRefused_NeverThrow() => Prop.ForAll(
        (from at in Gen.Choose(0, 2000) from value in Gen.Choose(0, 255) from cut in Gen.Choose(0, 3000) from packed in Gen.Elements(true, false) select (at, value, cut, packed)).ToArbitrary(),
        any =>
        {
            byte[] bytes = any.packed ? Packages.Of("1.4.0") : Unpacked("1.4.0");
            bytes[any.at % bytes.Length] = (byte)any.value;
            bytes = bytes[..Math.Min(bytes.Length, 1 + any.cut)];
            Result<ReleasePackage, ReleaseRefusal> read = ReadAsync(any.packed ? bytes : Packages.Zipped(bytes)).GetAwaiter().GetResult();
            return !read.IsOk || AgentReleases.IsVersion(read.Value.Version);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Versions_AreInOrder()
    {
        string[] order = ["0.9.0", "1.4.0-rc1", "1.4.0-rc2", "1.4.0", "1.9.0", "1.10.0", "2.0.0"];
        Assert.Equal(order, order.Reverse().Order(Comparer<string>.Create(AgentVersion.Compare)));
        Assert.Equal("1.4.0", AgentVersion.Plain("1.4.0+abcdef"));
        Assert.Null(AgentVersion.Read("dev"));
    }

    [Fact]
    public void ASignature_Is64BytesInBase64()
    {
        Assert.True(ReleasePackage.IsSignature(Convert.ToBase64String(new byte[64])));
        Assert.False(ReleasePackage.IsSignature(Convert.ToBase64String(new byte[63])));
        Assert.False(ReleasePackage.IsSignature(Convert.ToBase64String(new byte[70])));
        Assert.False(ReleasePackage.IsSignature("?"));
    }

    private static byte[] Unpacked(string version)
    {
        using var gzip = new System.IO.Compression.GZipStream(new MemoryStream(Packages.Of(version)), System.IO.Compression.CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        gzip.CopyTo(bytes);
        return bytes.ToArray();
    }

    private async Task<Result<ReleasePackage, ReleaseRefusal>> ReadAsync(byte[] bytes)
    {
        string path = Path.Combine(_folder, Guid.NewGuid().ToString("N"));
        await File.WriteAllBytesAsync(path, bytes);
        return await ReleasePackage.ReadAsync(path, CancellationToken.None);
    }
}
