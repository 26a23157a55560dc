using FsCheck;
using FsCheck.Fluent;
using ThreeClassrooms.Hub.Devices.Alerts.Delivery;

namespace ThreeClassrooms.Hub.Tests.Devices.Alerts.Delivery;

/// <summary>How fast, how often again, and what goes together: all pure.</summary>
public sealed class PaceTests
{
    private static readonly DateTimeOffset Now = Notices.Morning;
    private static readonly DeliveryOptions Options = new();

    [Fact]
    public void HoweverMessagesCome_NoMinuteHas20_AndNoSecondMoreThan5() => Prop.ForAll(
        Gen.Choose(0, 9000).ArrayOf(400).ToArbitrary(), gaps =>
        {
            TokenBucket bucket = TokenBucket.Full(Now);
            DateTimeOffset at = Now;
            List<DateTimeOffset> sent = [];
            foreach (int gap in gaps)
            {
                at = at.AddMilliseconds(gap % 3 == 0 ? gap : gap % 50);
                bucket = bucket.Filled(at, 15);
                if (bucket.Available > 0)
                {
                    bucket = bucket.Take();
                    sent.Add(at);
                }
            }

            return sent.All(s => sent.Count(o => o >= s && o < s.AddMinutes(1)) <= 19 && sent.Count(o => o >= s && o < s.AddSeconds(1)) <= 5);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void AClockSetBack_EarnsNothing()
    {
        TokenBucket empty = TokenBucket.Full(Now).Take().Take().Take().Take();
        TokenBucket back = empty.Filled(Now.AddHours(-1), 15);
        Assert.Equal(0, back.Available);
        Assert.Equal(1, back.Filled(Now.AddHours(-1).AddSeconds(4), 15).Available);
    }

    [Fact]
    public void AsLongAsTheBucketLasts_MessagesGoByThemselves_BeyondItTogether()
    {
        TokenBucket full = TokenBucket.Full(Now);
        Assert.Equal([1L], Ids(DeliveryPlan.Next(Waiting(1, 2, 3, 4), full, null, Now)));
        Assert.Equal([1L, 2, 3, 4, 5], Ids(DeliveryPlan.Next(Waiting(1, 2, 3, 4, 5), full, null, Now)));
        Assert.Equal([1L, 2], Ids(DeliveryPlan.Next(Waiting(1, 2), full.Take().Take().Take(), null, Now)));
        Assert.Empty(DeliveryPlan.Next(Waiting(1), full.Take().Take().Take().Take(), null, Now));
        Assert.Equal(DeliveryPlan.MostMerged, DeliveryPlan.Next(Waiting([.. Enumerable.Range(1, 500)]), full, null, Now).Count);
    }

    [Fact]
    public void AMessageThatWaitsForItsNextTry_IsNotOvertaken()
    {
        IReadOnlyList<WaitingMessage> waiting = Waiting(1, 2);
        waiting = [waiting[0] with { NextTryAt = Now.AddSeconds(5) }, waiting[1]];
        Assert.Empty(DeliveryPlan.Next(waiting, TokenBucket.Full(Now), null, Now));
        Assert.Equal([1L], Ids(DeliveryPlan.Next(waiting, TokenBucket.Full(Now), null, Now.AddSeconds(5))));
        Assert.Empty(DeliveryPlan.Next(Waiting(1, 2), TokenBucket.Full(Now), Now.AddMinutes(1), Now));
    }

    [Fact]
    public void WhatADigestWasRefusedFor_GoesAlone()
    {
        IReadOnlyList<WaitingMessage> waiting = [.. Waiting(1, 2, 3, 4, 5, 6).Select(m => m with { Alone = m.Id is 1 or 4 })];
        Assert.Equal([1L], Ids(DeliveryPlan.Next(waiting, TokenBucket.Full(Now), null, Now)));
        Assert.Equal([2L, 3], Ids(DeliveryPlan.Next([.. waiting.Skip(1)], TokenBucket.Full(Now), null, Now)));
        var bad = DeliveryOutcome.Failed(DeliveryFault.BadMessage);
        Assert.Equal(Now, DeliveryPlan.AfterFailure(ChannelKind.WeCom, bad, waiting[1], 2, Now, 0.5, Options));
        Assert.Null(DeliveryPlan.AfterFailure(ChannelKind.WeCom, bad, waiting[1], 1, Now, 0.5, Options));
    }

    [Fact]
    public void TriesBecomeRarer_WithSpread_UntilTheMessageIsLaidAside()
    {
        var down = DeliveryOutcome.Failed(DeliveryFault.Unreachable);
        Assert.Equal(Now.AddSeconds(5), Next(down, 1, 0));
        Assert.Equal(Now.AddSeconds(9.9), Next(down, 1, 0.98)!.Value, TimeSpan.FromMilliseconds(1));
        Assert.Equal(Now.AddSeconds(80), Next(down, 5, 0));
        Assert.Equal(Now.AddMinutes(10), Next(down, 19, 0));
        Assert.Null(Next(down, 20, 0));
        Assert.Null(RetryRule.NextTry(ChannelKind.DingTalk, down, 1, Now.AddHours(-12), Now, 0, Options));
        Assert.Null(Next(DeliveryOutcome.Failed(DeliveryFault.BadMessage), 1, 0));
    }

    [Fact]
    public void AWrongSetting_IsNotAskedEverySecond() =>
        Assert.True(Next(DeliveryOutcome.Failed(DeliveryFault.WrongSign), 1, 0) >= Now.AddMinutes(2.5));

    [Fact]
    public void ARefusalForTooMany_IsHonoured()
    {
        var refused = DeliveryOutcome.Failed(DeliveryFault.RateLimited);
        Assert.Equal(TimeSpan.FromMinutes(10), RetryRule.PauseAfter(ChannelKind.DingTalk, refused));
        Assert.Equal(TimeSpan.FromMinutes(1), RetryRule.PauseAfter(ChannelKind.WeCom, refused));
        Assert.Equal(TimeSpan.FromSeconds(90), RetryRule.PauseAfter(ChannelKind.Webhook, refused with { Wait = TimeSpan.FromSeconds(90) }));
        Assert.Equal(TimeSpan.FromHours(1), RetryRule.PauseAfter(ChannelKind.Webhook, refused with { Wait = TimeSpan.FromDays(9) }));
        Assert.Equal(Now.AddMinutes(10), Next(refused, 1, 0));
    }

    private static DateTimeOffset? Next(DeliveryOutcome outcome, int tries, double chance) =>
        RetryRule.NextTry(ChannelKind.DingTalk, outcome, tries, Now, Now, chance, Options);

    private static IReadOnlyList<WaitingMessage> Waiting(params int[] ids) => [.. ids.Select(i => new WaitingMessage(i, Guid.Empty, 0, Now, null, false))];

    private static IEnumerable<long> Ids(IEnumerable<WaitingMessage> messages) => messages.Select(m => m.Id);
}
