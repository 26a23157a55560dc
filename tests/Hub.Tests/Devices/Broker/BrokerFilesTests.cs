using ThreeClassrooms.Hub.Devices.Broker;

namespace ThreeClassrooms.Hub.Tests.Devices.Broker;

/// <summary>The managed broker's files after a power cut.</summary>
public sealed class BrokerFilesTests : IDisposable
{
    private readonly BrokerSettings _settings = new(Directory.CreateTempSubdirectory("broker-files-").FullName, "", 1, "127.0.0.1", 2, "nobody");

    public void Dispose() => Directory.Delete(_settings.Folder, recursive: true);

    [Theory]
    [InlineData("broker.crt", 0)]
    [InlineData("broker.crt", 90)]
    [InlineData("broker.crt", -1)]
    [InlineData("broker.key", 0)]
    [InlineData("broker.key", -1)]
    public void DamagedCertificateOrKey_IsSetAside_AndComesBackAsItWas(string name, int length)
    {
        string certificate = BrokerCertificate.ReadOrMake(_settings), key = File.ReadAllText(_settings.Key);
        Damage(name, length);
        List<string> damaged = [];
        Assert.Equal(certificate, BrokerCertificate.ReadOrMake(_settings, damaged.Add));
        Assert.Equal(key, File.ReadAllText(_settings.Key));
        Assert.Equal(name, Path.GetFileName(Assert.Single(damaged)));
        Assert.Equal(certificate, BrokerCertificate.ReadOrMake(_settings, damaged.Add));
        Assert.Single(damaged);
    }

    [Fact]
    public void CertificateOfAnEarlierHub_WithoutItsSecondCopy_IsKept()
    {
        string certificate = BrokerCertificate.ReadOrMake(_settings);
        File.Delete(_settings.SecondCopy);
        Assert.Equal(certificate, BrokerCertificate.ReadOrMake(_settings));
        Assert.True(File.Exists(_settings.SecondCopy));
    }

    [Theory]
    [InlineData("00b5006d6f7371756974746f20646200000000", true)]
    [InlineData("", true)]
    [InlineData("00b500", false)]
    [InlineData("00000000000000000000000000000000000000", false)]
    public void Snapshot_IsSoundWhenItBeginsAsOne(string head, bool sound)
    {
        File.WriteAllBytes(_settings.Snapshot, Convert.FromHexString(head));
        Assert.Equal(sound, BrokerSnapshot.LooksSound(_settings.Snapshot));
    }

    private void Damage(string name, int length)
    {
        string path = Path.Combine(_settings.Folder, name);
        byte[] bytes = File.ReadAllBytes(path);
        File.WriteAllBytes(path, length < 0 ? new byte[bytes.Length] : bytes[..length]);
    }
}
