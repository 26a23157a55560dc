using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ThreeClassrooms.Agent.Enrolment;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Tests.Enrolment;

public sealed class HubTrustTests
{
    private static readonly DateTimeOffset Now = new(2026, 9, 7, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void PinOfTheKey_OrOfTheWholeCertificate_IsBelieved_AlsoWhenTheCertificateIsOver()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 first = Make(key, null), second = Make(key, first);
        string whole = string.Join(':', SHA256.HashData(first.RawData).Select(b => b.ToString("X2", System.Globalization.CultureInfo.InvariantCulture)));
        Assert.True(Believes(HubPin.Of(first), first));
        Assert.True(Believes(HubPin.Of(first), second));
        Assert.True(Believes(whole, first));
        Assert.True(Believes(whole, second)); // given out with the first release, renewed since
    }

    [Fact]
    public void AnotherKey_IsNotBelieved()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256), foreign = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 ours = Make(key, null), forged = Make(foreign, ours);
        Assert.False(Believes(HubPin.Of(ours), forged));
        Assert.False(Believes(Convert.ToHexString(SHA256.HashData(ours.RawData)), forged));
    }

    private static bool Believes(string pin, X509Certificate2 shown) => HubTrust.Callback(pin)!(new object(), shown, null, SslPolicyErrors.RemoteCertificateChainErrors);

    private static X509Certificate2 Make(ECDsa key, X509Certificate2? predecessor)
    {
        var request = new CertificateRequest("CN=hub", key, HashAlgorithmName.SHA256);
        if (predecessor is not null)
        {
            request.CertificateExtensions.Add(new X509Extension(HubPin.PredecessorOid, predecessor.RawData, critical: false));
        }

        return request.CreateSelfSigned(Now.AddYears(-2), Now.AddYears(-1));
    }
}
