using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MimeKit;
using ThreeClassrooms.Hub.Devices.Alerts.Delivery;
using ThreeClassrooms.Hub.Devices.Alerts.Delivery.Sending;
using ThreeClassrooms.TestKit.Robots;
using ThreeClassrooms.TestKit.Time;
using MailMessage = ThreeClassrooms.Hub.Devices.Alerts.Delivery.Formats.MailMessage;

namespace ThreeClassrooms.Hub.Tests.Devices.Alerts.Delivery;

public sealed class MailTests
{
    private static readonly MailMessage Message = MailMessage.Of(Notices.Letter(Notices.Notice(), Notices.HubAddress), Notices.Words(), "");

    [Fact]
    public async Task AMail_ArrivesWhole_AfterTlsAndSignIn()
    {
        using X509Certificate2 certificate = Certificate();
        await using var server = new FakeMailServer(certificate) { Account = ("hub@county.example", "授权码-1") };
        Assert.Null((await SendAsync(server, MailSecurity.StartTls, "授权码-1", trusted: certificate)).Fault);
        ReceivedMail mail = Assert.Single(server.Mails);
        Assert.True(mail.Encrypted);
        Assert.Equal(("hub@county.example", "hub@county.example"), (mail.User, mail.From));
        Assert.Equal(["a@county.example", "b@county.example"], mail.To);
        using var text = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(mail.Text));
        MimeMessage read = await MimeMessage.LoadAsync(text);
        Assert.Equal(Message.Subject, read.Subject);
        Assert.Equal(Message.Plain.TrimEnd(), read.TextBody!.ReplaceLineEndings("\r\n").TrimEnd());
        Assert.Equal(Message.Html.TrimEnd(), read.HtmlBody!.ReplaceLineEndings("\r\n").TrimEnd());
        Assert.Equal(("delivery-1@threeclassrooms.invalid", "auto-generated"), (read.MessageId, read.Headers["Auto-Submitted"]));
        Assert.Equal(Notices.Morning, read.Date);
    }

    [Fact]
    public async Task AServerThatIsNotTrusted_OrOffersNoTls_GetsNothing()
    {
        using X509Certificate2 certificate = Certificate();
        await using var forged = new FakeMailServer(certificate);
        Assert.Equal(DeliveryFault.NoTrust, (await SendAsync(forged, MailSecurity.StartTls)).Fault);
        await using var plain = new FakeMailServer { Account = ("hub@county.example", "p") };
        Assert.Equal(DeliveryFault.NoTrust, (await SendAsync(plain, MailSecurity.StartTls, "p")).Fault);
        Assert.Empty(forged.Mails.Concat(plain.Mails));
    }

    [Fact]
    public async Task WithoutTls_OnlyToAServerThatIsNamed()
    {
        await using var server = new FakeMailServer();
        Assert.Null((await SendAsync(server, MailSecurity.None, user: "")).Fault);
        Assert.Equal(DeliveryFault.ForbiddenAddress, (await SendAsync(server, MailSecurity.None, user: "", named: false)).Fault);
        Assert.Equal(DeliveryFault.ForbiddenAddress, (await SendAsync(server, MailSecurity.StartTls, user: "", named: false)).Fault); // loopback
        Assert.Single(server.Mails);
    }

    [Theory]
    [InlineData("RCPT", "550 no such user", nameof(DeliveryFault.MailRecipient))]
    [InlineData("MAIL", "451 try later", nameof(DeliveryFault.ServerBusy))]
    [InlineData("DATA", "554 not from you", nameof(DeliveryFault.Refused))]
    [InlineData(".", "554 looks like spam", nameof(DeliveryFault.BadMessage))]
    [InlineData("MAIL", "nonsense", nameof(DeliveryFault.OddAnswer))]
    public async Task ARefusal_IsToldApart(string command, string answer, string fault)
    {
        await using var server = new FakeMailServer { Refuses = (command, answer) };
        Assert.Equal(Enum.Parse<DeliveryFault>(fault), (await SendAsync(server, MailSecurity.None, user: "")).Fault);
    }

    [Fact]
    public async Task AWrongPassword_IsSaidPlainly()
    {
        await using var server = new FakeMailServer { Account = ("hub@county.example", "right") };
        DeliveryOutcome outcome = await SendAsync(server, MailSecurity.None, "wrong");
        Assert.Equal(DeliveryFault.MailSignIn, outcome.Fault);
        Assert.DoesNotContain("wrong", outcome.Detail ?? "", StringComparison.Ordinal);
    }

    private static Task<DeliveryOutcome> SendAsync(
        FakeMailServer server, MailSecurity security, string? password = null, string user = "hub@county.example", X509Certificate2? trusted = null, bool named = true)
    {
        var options = new DeliveryOptions { TrustedOrigins = named ? [server.Origin] : [] };
        var sender = new MailSender(options, new ConnectGuard(options), new ManualTime(), trusted is null ? null : (_, shown, _, _) => shown?.GetCertHashString() == trusted.GetCertHashString());
        var route = new MailRoute("127.0.0.1", server.Port, security, user, "hub@county.example", ["a@county.example", "b@county.example"]);
        return sender.SendAsync(route, password, Message, "delivery-1", CancellationToken.None);
    }

    private static X509Certificate2 Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        using X509Certificate2 made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
    }
}
