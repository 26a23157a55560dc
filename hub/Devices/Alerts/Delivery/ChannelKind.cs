namespace ThreeClassrooms.Hub.Devices.Alerts.Delivery;

/// <summary>Where a channel's messages go. Stored by name.</summary>
internal enum ChannelKind
{
    /// <summary>钉钉自定义机器人.</summary>
    DingTalk,

    /// <summary>企业微信群机器人.</summary>
    WeCom,

    /// <summary>飞书自定义机器人.</summary>
    Feishu,

    /// <summary>Any program that reads what Alertmanager posts (webhook version 4).</summary>
    Webhook,

    /// <summary>E-mail by SMTP.</summary>
    Mail,
}

/// <summary>How the mail server is spoken to. Stored by name.</summary>
internal enum MailSecurity
{
    /// <summary>Plain at first, then TLS; refused when the server offers none (usually port 587).</summary>
    StartTls,

    /// <summary>TLS from the first byte (usually port 465).</summary>
    Tls,

    /// <summary>No TLS: only for a server that <see cref="DeliveryOptions.TrustedOrigins"/> names.</summary>
    None,
}

internal static class ChannelKinds
{
    /// <summary>One of the three chat robots: the address is a secret and belongs to the robot's own host.</summary>
    public static bool IsRobot(this ChannelKind kind) => kind is ChannelKind.DingTalk or ChannelKind.WeCom or ChannelKind.Feishu;

    /// <summary>Where this robot's address must point to; null: the kind has no host of its own.</summary>
    public static string? HostOf(ChannelKind kind) => kind switch
    {
        ChannelKind.DingTalk => "oapi.dingtalk.com",
        ChannelKind.WeCom => "qyapi.weixin.qq.com",
        ChannelKind.Feishu => "open.feishu.cn",
        ChannelKind.Webhook or ChannelKind.Mail => null,
    };
}
