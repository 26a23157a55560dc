using System.Net.Security;
using System.Net.Sockets;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace ThreeClassrooms.Hub.Devices.Alerts.Delivery.Sending;

/// <summary>Sends one message by SMTP, a connection for each. Never throws for what the other side does. Thread-safe.</summary>
/// <param name="certificates">Null: as the system trusts them.</param>
internal sealed class MailSender(DeliveryOptions options, ConnectGuard guard, TimeProvider clock, RemoteCertificateValidationCallback? certificates = null)
{
    /// <param name="delivery">Becomes the Message-ID: a message that is sent again keeps it.</param>
    public async Task<DeliveryOutcome> SendAsync(MailRoute route, string? password, Formats.MailMessage message, string delivery, CancellationToken stop)
    {
        if (route.Security == MailSecurity.None && !guard.TrustsMail(route.Host, route.Port))
        {
            return DeliveryOutcome.Failed(DeliveryFault.ForbiddenAddress);
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(options.Timeout);
        try
        {
            using var client = new SmtpClient { CheckCertificateRevocation = false, Timeout = (int)options.Timeout.TotalMilliseconds, ServerCertificateValidationCallback = certificates };
            using Socket socket = await guard.ConnectAsync("smtp", route.Host, route.Port, limit.Token);
            await client.ConnectAsync(socket, route.Host, route.Port, SecurityOf(route.Security), limit.Token);
            if (route.User.Length > 0)
            {
                await client.AuthenticateAsync(route.User, password ?? "", limit.Token);
            }

            using MimeMessage mail = Compose(route, message, delivery, clock.GetUtcNow());
            await client.SendAsync(mail, limit.Token);
            await QuitAsync(client, limit.Token);
            return DeliveryOutcome.Sent;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return DeliveryOutcome.Failed(DeliveryFault.Timeout);
        }
        catch (Exception fault) when (OutcomeOf(fault) is not null)
        {
            return OutcomeOf(fault)!.Value;
        }
    }

    internal static MimeMessage Compose(MailRoute route, Formats.MailMessage message, string delivery, DateTimeOffset now)
    {
        var mail = new MimeMessage { Subject = message.Subject, Date = now, MessageId = $"{delivery}@threeclassrooms.invalid" };
        mail.From.Add(MailboxAddress.Parse(route.From));
        mail.To.AddRange(route.To.Select(MailboxAddress.Parse));
        mail.Headers.Add("Auto-Submitted", "auto-generated"); // RFC 3834: no answers of absence
        mail.Body = new MultipartAlternative { new TextPart("plain") { Text = message.Plain }, new TextPart("html") { Text = message.Html } };
        return mail;
    }

    private static SecureSocketOptions SecurityOf(MailSecurity security) => security switch
    {
        MailSecurity.StartTls => SecureSocketOptions.StartTls,
        MailSecurity.Tls => SecureSocketOptions.SslOnConnect,
        MailSecurity.None => SecureSocketOptions.None,
    };

    /// <summary>The message was taken: what happens to the good-bye changes nothing.</summary>
    private static async Task QuitAsync(SmtpClient client, CancellationToken cancel)
    {
        try
        {
            await client.DisconnectAsync(quit: true, cancel);
        }
        catch (Exception fault) when (fault is IOException or SocketException or OperationCanceledException || OutcomeOf(fault) is not null)
        {
            // Gone already.
        }
    }

    private static DeliveryOutcome? OutcomeOf(Exception fault) => fault switch
    {
        MailKit.Security.AuthenticationException => DeliveryOutcome.Failed(DeliveryFault.MailSignIn),
        SslHandshakeException => DeliveryOutcome.Failed(DeliveryFault.NoTrust),
        NotSupportedException => DeliveryOutcome.Failed(DeliveryFault.NoTrust, "STARTTLS"), // the server offers none
        SmtpCommandException { ErrorCode: SmtpErrorCode.RecipientNotAccepted } refused => DeliveryOutcome.Failed(DeliveryFault.MailRecipient, $"{(int)refused.StatusCode}"),
        SmtpCommandException { StatusCode: SmtpStatusCode.ServiceNotAvailable or SmtpStatusCode.MailboxBusy or SmtpStatusCode.ErrorInProcessing or SmtpStatusCode.InsufficientStorage } busy =>
            DeliveryOutcome.Failed(DeliveryFault.ServerBusy, $"{(int)busy.StatusCode}"),
        SmtpCommandException { ErrorCode: SmtpErrorCode.MessageNotAccepted } refused => DeliveryOutcome.Failed(DeliveryFault.BadMessage, $"{(int)refused.StatusCode}"),
        SmtpCommandException { StatusCode: SmtpStatusCode.AuthenticationRequired } refused => DeliveryOutcome.Failed(DeliveryFault.MailSignIn, $"{(int)refused.StatusCode}"),
        SmtpCommandException refused => DeliveryOutcome.Failed(DeliveryFault.Refused, $"{(int)refused.StatusCode}"),
        SmtpProtocolException => DeliveryOutcome.Failed(DeliveryFault.OddAnswer),
        IOException or SocketException => RobotSender.OfFault(fault),
        _ => null,
    };
}
