namespace ThreeClassrooms.Hub.Devices.Alerts.Delivery;

/// <summary>When a message that failed is tried again, or that it is not. Pure: time and chance come in.</summary>
internal static class RetryRule
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(20);

    /// <summary>Nobody mends a setting within seconds; and a service should not be asked the same wrong thing over and over.</summary>
    private static readonly TimeSpan AfterWrongSetting = TimeSpan.FromMinutes(5);

    /// <summary>What a service's refusal for too many messages costs when it does not say so itself.</summary>
    private static readonly TimeSpan AfterRateLimit = TimeSpan.FromMinutes(1);

    /// <summary>DingTalk shuts a robot up for so long.</summary>
    private static readonly TimeSpan AfterDingTalkRateLimit = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan LongestAsked = TimeSpan.FromHours(1);

    /// <summary>The channel as a whole is quiet for so long; null: only this message waits.</summary>
    public static TimeSpan? PauseAfter(ChannelKind kind, DeliveryOutcome outcome) => outcome switch
    {
        { Fault: DeliveryFault.RateLimited } when kind == ChannelKind.DingTalk => AfterDingTalkRateLimit,
        { Fault: DeliveryFault.RateLimited, Wait: { } asked } => Shorter(asked, LongestAsked),
        { Fault: DeliveryFault.RateLimited } => AfterRateLimit,
        { Fault: DeliveryFault.ServerBusy, Wait: { } asked } => Shorter(asked, LongestAsked),
        _ => null,
    };

    /// <param name="tries">Including the one that failed; 1 or more.</param>
    /// <param name="added">When the oldest of the messages was added.</param>
    /// <param name="chance">0 inclusive to 1 exclusive: spreads the tries of many channels.</param>
    /// <returns>Null: lay it aside.</returns>
    public static DateTimeOffset? NextTry(
        ChannelKind kind, DeliveryOutcome outcome, int tries, DateTimeOffset added, DateTimeOffset now, double chance, DeliveryOptions options)
    {
        if (outcome.Fault == DeliveryFault.BadMessage || tries >= options.Tries || now - added >= options.GiveUpAfter)
        {
            return null;
        }

        TimeSpan full = Shorter(First * Math.Pow(2, Math.Min(tries - 1, 20)), Longest);
        full = IsSetting(outcome.Fault) && full < AfterWrongSetting ? AfterWrongSetting : full;
        TimeSpan spread = full * (0.5 + (chance / 2));
        return now + (PauseAfter(kind, outcome) is { } pause && pause > spread ? pause : spread);
    }

    /// <summary>Goes away only when somebody changes a setting, here or there.</summary>
    public static bool IsSetting(DeliveryFault? fault) => fault is DeliveryFault.WrongSign or DeliveryFault.ClockSkew or DeliveryFault.KeywordMissing
        or DeliveryFault.AddressNotAllowed or DeliveryFault.BadToken or DeliveryFault.RobotOff or DeliveryFault.ForbiddenAddress or DeliveryFault.SecretsLost
        or DeliveryFault.MailSignIn or DeliveryFault.MailRecipient or DeliveryFault.Refused;

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
