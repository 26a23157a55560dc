using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using ThreeClassrooms.Hub.Hosting;

namespace ThreeClassrooms.Hub.Tests.Hosting;

public sealed class KeyRingTests : IDisposable
{
    private readonly DataFolder _data = new(Directory.CreateTempSubdirectory("hub-keys-").FullName);
    private readonly List<string> _aside = [];

    public void Dispose() => Directory.Delete(_data.Root, recursive: true);

    [Fact]
    public void Keys_LieEncrypted_AndAreReadAfterARestart()
    {
        string locked = Protector().Protect("secret");
        string key = File.ReadAllText(Assert.Single(Directory.GetFiles(_data.Keys, "*.xml")));
        Assert.Contains("EncryptedData", key, StringComparison.Ordinal);
        Assert.DoesNotContain("masterKey", key, StringComparison.Ordinal);
        Assert.Equal("secret", Protector().Unprotect(locked));
        Assert.Empty(_aside);
    }

    [Fact]
    public void KeysOfAnEarlierHub_InTheClear_StayReadable()
    {
        var services = new ServiceCollection();
        services.AddLogging().AddDataProtection().SetApplicationName("ThreeClassrooms").PersistKeysToFileSystem(new DirectoryInfo(_data.Keys));
        using ServiceProvider earlier = services.BuildServiceProvider();
        string locked = earlier.GetRequiredService<IDataProtectionProvider>().CreateProtector("test").Protect("secret");
        Assert.Equal("secret", Protector().Unprotect(locked));
    }

    [Theory]
    [InlineData("key-ring.pfx")]
    [InlineData("key-ring.copy.pfx")]
    public void OneDamagedCopyOfTheCertificate_LosesNothing(string name)
    {
        string locked = Protector().Protect("secret");
        File.WriteAllBytes(Path.Combine(_data.Root, name), new byte[100]);
        Assert.Equal("secret", Protector().Unprotect(locked));
        Assert.Single(_aside);
        Assert.Equal("secret", Protector().Unprotect(locked));
    }

    [Fact]
    public void DamagedKeyFile_IsSetAside_TheOthersAreRead()
    {
        string locked = Protector().Protect("secret");
        File.WriteAllText(Path.Combine(_data.Keys, "key-00000000-0000-0000-0000-000000000001.xml"), "");
        Assert.Equal("secret", Protector().Unprotect(locked));
        Assert.Single(_aside);
    }

    private IDataProtector Protector()
    {
        var services = new ServiceCollection();
        services.AddLogging().AddKeyRing(_data, _aside.Add);
        return services.BuildServiceProvider().GetRequiredService<IDataProtectionProvider>().CreateProtector("test");
    }
}
