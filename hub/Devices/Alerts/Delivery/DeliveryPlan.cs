namespace ThreeClassrooms.Hub.Devices.Alerts.Delivery;

/// <summary>A message that waits, as far as the order of things needs to know it.</summary>
/// <param name="Alone">It was part of a digest that the service did not take: which of them was at fault shows when each goes by itself.</param>
internal sealed record WaitingMessage(long Id, Guid ChannelId, int Tries, DateTimeOffset AddedAt, DateTimeOffset? NextTryAt, bool Alone);

/// <summary>What to give a channel next. Pure.</summary>
internal static class DeliveryPlan
{
    /// <summary>One digest takes up no more.</summary>
    public const int MostMerged = 200;

    /// <param name="waiting">One channel's, in their order.</param>
    /// <param name="bucket">Filled up to <paramref name="now"/>.</param>
    /// <returns>
    /// The messages that go out as one: the first alone while the bucket lasts for all that wait, else all together. Empty: nothing now. A message that
    /// waits for its next try holds up those behind it: "over" must not arrive before "begun".
    /// </returns>
    public static IReadOnlyList<WaitingMessage> Next(IReadOnlyList<WaitingMessage> waiting, TokenBucket bucket, DateTimeOffset? pausedUntil, DateTimeOffset now)
    {
        if (waiting.Count == 0 || bucket.Available == 0 || now < pausedUntil || now < waiting[0].NextTryAt)
        {
            return [];
        }

        return waiting[0].Alone || waiting.Count <= bucket.Available ? [waiting[0]] : [.. waiting.TakeWhile(m => !m.Alone).Take(MostMerged)];
    }

    /// <param name="together">With how many messages it went out as one.</param>
    /// <param name="chance">See <see cref="RetryRule.NextTry"/>.</param>
    /// <returns>Null: lay it aside. What was refused as part of a digest goes by itself first.</returns>
    public static DateTimeOffset? AfterFailure(
        ChannelKind kind, DeliveryOutcome outcome, WaitingMessage message, int together, DateTimeOffset now, double chance, DeliveryOptions options) =>
        outcome.Fault == DeliveryFault.BadMessage && together > 1
            ? now
            : RetryRule.NextTry(kind, outcome, message.Tries + 1, message.AddedAt, now, chance, options);
}
