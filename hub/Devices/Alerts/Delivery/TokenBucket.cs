namespace ThreeClassrooms.Hub.Devices.Alerts.Delivery;

/// <summary>How many messages a channel may send now. Pure: time comes in.</summary>
/// <param name="Tokens">0 to <see cref="Burst"/>.</param>
/// <param name="At">UTC, when <paramref name="Tokens"/> was true.</param>
internal readonly record struct TokenBucket(double Tokens, DateTimeOffset At)
{
    /// <summary>
    /// So many at once. With 15 a minute beyond it, no minute ever has more than 19, one below what DingTalk and WeCom take; no second more than Feishu's 5.
    /// </summary>
    public const int Burst = 4;

    public static TokenBucket Full(DateTimeOffset now) => new(Burst, now);

    /// <summary>A clock that was set back earns nothing.</summary>
    public TokenBucket Filled(DateTimeOffset now, int perMinute) => now <= At
        ? this with { At = now }
        : new(Math.Min(Burst, Tokens + ((now - At).TotalMinutes * perMinute)), now);

    /// <summary>Whole messages that may go now.</summary>
    public int Available => (int)Math.Floor(Tokens + 1e-9);

    /// <exception cref="InvalidOperationException">There is none: ask <see cref="Available"/> first.</exception>
    public TokenBucket Take() => Available > 0 ? this with { Tokens = Math.Max(0, Tokens - 1) } : throw new InvalidOperationException("the bucket is empty");

    /// <summary>From <see cref="At"/> until a whole message may go; zero: now.</summary>
    public TimeSpan Wait(int perMinute) => Available > 0 ? TimeSpan.Zero : TimeSpan.FromMinutes((1 - Tokens) / perMinute);
}
