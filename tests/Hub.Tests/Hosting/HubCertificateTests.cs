using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging.Abstractions;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Hosting;
using ThreeClassrooms.TestKit.Time;

namespace ThreeClassrooms.Hub.Tests.Hosting;

public sealed class HubCertificateTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("hub-certificate-").FullName;
    private readonly ManualTime _time = new();
    private readonly HubTroubles _troubles = new();

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public void HubStartedAgainAfterYears_ShowsTheSameKey_AndEveryPinStillCounts()
    {
        X509Certificate2 first = Served();
        byte[] whole = SHA256.HashData(first.RawData), key = Convert.FromHexString(HubPin.Of(first));
        for (int restart = 0; restart < 4; restart++)
        {
            _time.Advance(TimeSpan.FromDays(2 * 366));
            X509Certificate2 renewed = Served();
            Assert.True(renewed.NotAfter.ToUniversalTime() > _time.Now.AddDays(700).UtcDateTime);
            Assert.NotEqual(first.RawData, renewed.RawData);
            Assert.True(HubPin.Matches(renewed, key));
            Assert.True(HubPin.Matches(renewed, whole)); // pinned as a whole, four renewals ago
        }

        Assert.Empty(_troubles.All);
    }

    [Fact]
    public void HubThatRuns_RenewsSixtyDaysBeforeTheEnd()
    {
        HubCertificate certificate = Make(new HubOptions { Https = true });
        X509Certificate2 first = certificate.Served!;
        _time.Advance(TimeSpan.FromDays(660));
        certificate.Look();
        Assert.Same(first, certificate.Served);
        _time.Advance(TimeSpan.FromDays(12));
        certificate.Look();
        Assert.True(certificate.Served!.NotAfter > first.NotAfter);
    }

    [Fact]
    public void ForeignKey_WithOursAsItsPredecessor_IsNotBelieved()
    {
        X509Certificate2 ours = Served();
        using var foreign = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=ThreeClassrooms hub (self-signed)", foreign, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509Extension(HubPin.PredecessorOid, ours.RawData, critical: false));
        using X509Certificate2 forged = request.CreateSelfSigned(_time.Now, _time.Now.AddYears(1));
        Assert.False(HubPin.Matches(forged, SHA256.HashData(ours.RawData)));
        Assert.False(HubPin.Matches(forged, Convert.FromHexString(HubPin.Of(ours))));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(-1)] // zeros in full length
    public void FileCutByAPowerCut_IsSetAside_AndMadeAnewWithTheSameKey(int length)
    {
        string pin = HubPin.Of(Served());
        Damage("hub-self-signed.pfx", length);
        Assert.Equal(pin, HubPin.Of(Served()));
        Assert.Equal([HubTrouble.FileSetAside], _troubles.All.Keys);
        Assert.Single(Directory.GetFiles(_data, "hub-self-signed.pfx.damaged-*"));
        Assert.True(_troubles.IsReady);

        Damage("hub-self-signed.key", length);
        Assert.Equal(pin, HubPin.Of(Served()));
        Assert.Equal(3, Directory.GetFiles(_data, "hub-self-signed.*").Length - 1); // pfx, key and the two that were set aside
    }

    [Fact]
    public void BothFilesDamaged_TheHubStarts_AndSaysThatPinsAreLost()
    {
        Served();
        Damage("hub-self-signed.pfx", 0);
        Damage("hub-self-signed.key", 0);
        Assert.NotNull(Served());
        Assert.Contains(HubTrouble.CertificateKeyLost, _troubles.All.Keys);
    }

    [Theory]
    [InlineData(61, null, true)]
    [InlineData(59, HubTrouble.CertificateEndsSoon, true)]
    [InlineData(-1, HubTrouble.CertificateExpired, false)]
    public void ConfiguredCertificate_IsSaid_SixtyDaysBeforeItsEnd_AndAfterIt(int daysLeft, object? trouble, bool ready)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 made = new CertificateRequest("CN=hub.county.example", key, HashAlgorithmName.SHA256).CreateSelfSigned(_time.Now.AddYears(-1), _time.Now.AddDays(daysLeft));
        string file = Path.Combine(_data, "county.pfx");
        File.WriteAllBytes(file, made.Export(X509ContentType.Pfx));
        Make(new HubOptions { Certificate = file }).Look();
        Assert.Equal(trouble, _troubles.All.Keys.Select(t => (object)t).SingleOrDefault());
        Assert.Equal(ready, _troubles.IsReady);
    }

    [Theory]
    [InlineData(100L << 20, 500L << 30, true)]
    [InlineData(300L << 20, 100L << 30, false)]
    [InlineData(60L << 20, 1L << 30, false)] // a small disk is not full for ever
    [InlineData(0, 1L << 30, true)]
    public void DiskIsFull_WhenLittleIsLeftOfIt(long free, long total, bool full) => Assert.Equal(full, Upkeep.IsFull(free, total));

    private void Damage(string name, int length)
    {
        string path = Path.Combine(_data, name);
        byte[] bytes = File.ReadAllBytes(path);
        File.WriteAllBytes(path, length < 0 ? new byte[bytes.Length] : bytes[..length]);
    }

    private X509Certificate2 Served() => Make(new HubOptions { Https = true }).Served!;

    private HubCertificate Make(HubOptions options) => new(options, new DataFolder(_data), _troubles, _time, NullLogger<HubCertificate>.Instance);
}
