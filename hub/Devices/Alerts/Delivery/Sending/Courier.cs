using ThreeClassrooms.Hub.Devices.Alerts.Delivery.Formats;
using ThreeClassrooms.Hub.Hosting;
using ThreeClassrooms.Hub.Shell;

namespace ThreeClassrooms.Hub.Devices.Alerts.Delivery.Sending;

/// <summary>Words a notice for its channel and sends it. Thread-safe.</summary>
internal sealed class Courier(RobotSender robots, MailSender mail, SecretBox box, HubOptions hub, CountyTime county, TimeProvider clock, Text text, ILogger<Courier> log)
{
    private readonly Uri? _hub = hub.PublicAddress.Length > 0 ? new Uri(hub.PublicAddress) : null;

    /// <param name="notices">One or more: more become a digest.</param>
    /// <param name="delivery">The same when the same messages are sent again.</param>
    public async Task<DeliveryOutcome> SendAsync(Channel channel, IReadOnlyList<AlertNotice> notices, string delivery, CancellationToken stop)
    {
        if (box.Open(channel.LockedSecrets) is not { } secrets)
        {
            return DeliveryOutcome.Failed(DeliveryFault.SecretsLost);
        }

        try
        {
            var words = NoticeWords.In(channel.Language, text);
            AlertNotice notice = notices is [var only] ? only : Digest.Of(notices, words.Digest);
            var letter = Letter.Of(notice, words, county.Zone, _hub);
            return channel.Mail is { } route
                ? await mail.SendAsync(route, secrets.Key, Formats.MailMessage.Of(letter, words, channel.Keyword), delivery, stop)
                : await robots.SendAsync(channel, secrets, BodyOf(channel, notice, letter, words, secrets), delivery, stop);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            log.SendFailed(channel.Id, fault.GetType().Name); // not the exception itself: its words could hold an address
            return DeliveryOutcome.Failed(DeliveryFault.Internal);
        }
    }

    /// <summary>What the test button sends.</summary>
    public AlertNotice TestOf(Channel channel)
    {
        var words = NoticeWords.In(channel.Language, text);
        DateTimeOffset now = clock.GetUtcNow();
        var line = new NoticeAlert("test", AlertSeverity.Information, false, now, null, new Dictionary<string, string>(), words.TestSummary, "", "/alerts/channels");
        return new AlertNotice(
            "test", NoticeKind.Test, AlertSeverity.Information, Words.Fill(words.TestTitle, channel.Name), [line], 0, now, new Dictionary<string, string>());
    }

    private byte[] BodyOf(Channel channel, AlertNotice notice, Letter letter, NoticeWords words, ChannelSecrets secrets) => channel.Kind switch
    {
        ChannelKind.DingTalk => DingTalkMessage.Body(letter, words, channel.Keyword),
        ChannelKind.WeCom => WeComMessage.Body(letter, words, channel.Keyword),
        ChannelKind.Feishu => FeishuMessage.Body(letter, words, channel.Keyword, secrets.Key, clock.GetUtcNow()),
        ChannelKind.Webhook or ChannelKind.Mail => WebhookMessage.Body(notice, channel.Name, _hub),
    };
}
