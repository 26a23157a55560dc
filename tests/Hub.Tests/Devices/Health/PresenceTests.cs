using FsCheck;
using FsCheck.Fluent;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Devices.Health;

namespace ThreeClassrooms.Hub.Tests.Devices.Health;

public sealed class PresenceTests
{
    private static readonly DateTimeOffset Start = HealthScene.Morning;
    private static readonly HealthOptions Options = new();
    private static readonly Sight Seeing = new(false, Start.AddHours(-1), Start.AddHours(-2));

    /// <summary>How a connection ends: after how many seconds, how late its will is, and after how many seconds the next one begins.</summary>
    private static readonly Gen<(int Lives, int WillAfter, int Gap)> AnyConnection =
        from lives in Gen.Choose(0, 300)
        from will in Gen.Choose(1, 45)
        from gap in Gen.Choose(0, 200)
        select (lives, will, gap);

    private static readonly Arbitrary<(int Lives, int WillAfter, int Gap)[]> AnyHistory = AnyConnection.NonEmptyListOf().Select(l => l.Take(8).ToArray()).ToArbitrary();

    [Fact]
    public void WillOfAnEarlierConnection_IsIgnored()
    {
        Guid boot = Guid.NewGuid(), first = Guid.NewGuid(), second = Guid.NewGuid();
        var presence = new Presence();
        presence.OnState(HealthScene.State(true, boot, first, Start), false, Start);
        presence.OnState(HealthScene.State(true, boot, second, Start.AddSeconds(5)), false, Start.AddSeconds(5));
        presence.OnState(HealthScene.State(false, boot, first, Start), false, Start.AddSeconds(20));
        Assert.Equal(PresenceState.Up, presence.At(Seeing, Options, Start.AddSeconds(20)));
    }

    [Fact]
    public void WillOfALaterConnection_WhoseBirthWasMissed_Counts()
    {
        Guid boot = Guid.NewGuid();
        var presence = new Presence();
        presence.OnState(HealthScene.State(true, boot, Guid.NewGuid(), Start), false, Start);
        presence.OnState(HealthScene.State(false, boot, Guid.NewGuid(), Start.AddSeconds(5)), false, Start.AddSeconds(30));
        Assert.Equal(PresenceState.Up, presence.At(Seeing, Options, Start.AddSeconds(30)));
        Assert.Equal(PresenceState.Down, presence.At(Seeing, Options, Start.AddSeconds(45)));
    }

    [Fact]
    public void LostConnection_IsShownAfterAWhile_AFarewellAtOnce()
    {
        Guid boot = Guid.NewGuid(), connection = Guid.NewGuid();
        foreach ((string reason, int shownAfter) in new[] { ("lost", 15), ("shutdown", 0), ("disabled", 0) })
        {
            var presence = new Presence();
            presence.OnState(HealthScene.State(true, boot, connection, Start), false, Start);
            presence.OnState(HealthScene.State(false, boot, connection, Start) with { Reason = reason }, false, Start.AddSeconds(20));
            Assert.Equal(shownAfter == 0 ? PresenceState.Down : PresenceState.Up, presence.At(Seeing, Options, Start.AddSeconds(20)));
            Assert.Equal(PresenceState.Down, presence.At(Seeing, Options, Start.AddSeconds(20 + shownAfter)));
        }
    }

    [Fact]
    public void ConnectionThatComesBackSoon_WasNeverAway_HoweverOften()
    {
        Guid boot = Guid.NewGuid();
        var presence = new Presence();
        for (int i = 0; i < 20; i++)
        {
            (Guid connection, DateTimeOffset born) = (Guid.NewGuid(), Start.AddSeconds(20 * i));
            presence.OnState(HealthScene.State(true, boot, connection, born), false, born);
            presence.OnState(HealthScene.State(false, boot, connection, born), false, born.AddSeconds(6));
            for (int second = 0; second < 20; second++)
            {
                Assert.Equal(PresenceState.Up, presence.At(Seeing, Options, born.AddSeconds(second)));
            }
        }
    }

    [Fact]
    public void LostDevice_ThatFailsAgainAndAgainToComeBack_IsShown()
    {
        Guid boot = Guid.NewGuid(), connection = Guid.NewGuid();
        var presence = new Presence();
        presence.OnState(HealthScene.State(true, boot, connection, Start), false, Start);
        presence.OnState(HealthScene.State(false, boot, connection, Start), false, Start.AddSeconds(1));
        for (int i = 2; i < 40; i++)
        {
            // Connections that end before their birth: their wills come all the same.
            presence.OnState(HealthScene.State(false, boot, Guid.NewGuid(), Start.AddSeconds(i)), false, Start.AddSeconds(i));
        }

        Assert.Equal(PresenceState.Down, presence.At(Seeing, Options, Start.AddSeconds(40)));
    }

    [Fact]
    public void LostInTheCrowdAfterTheHubsRestart_IsNotCalledOfflineBeforeTheGraceIsOver()
    {
        Guid boot = Guid.NewGuid();
        Presence presence = Presence.Restore(Guid.NewGuid(), boot, Start.AddHours(-1), up: true, null, Start.AddHours(-1), null, Start.AddSeconds(-20), []);
        Sight back = Sight.Started(Start.AddSeconds(-5)).On(false, Start);
        presence.OnState(HealthScene.State(false, boot, Guid.NewGuid(), Start.AddSeconds(3)), false, Start.AddSeconds(5));
        Assert.NotEqual(PresenceState.Down, presence.At(back, Options, Start.AddSeconds(30)));
        Assert.Equal(PresenceState.Unseen, presence.At(back, Options, Start.AddSeconds(89)));
        Assert.Equal(PresenceState.Down, presence.At(back, Options, Start.AddSeconds(91)));
    }

    [Fact]
    public void BirthAndWillInTheSameMillisecond_EndAsDown_InEitherOrder()
    {
        foreach (bool willFirst in new[] { false, true })
        {
            Guid boot = Guid.NewGuid(), connection = Guid.NewGuid();
            var presence = new Presence();
            presence.OnState(HealthScene.State(!willFirst, boot, connection, Start), false, Start);
            presence.OnState(HealthScene.State(willFirst, boot, connection, Start), false, Start);
            Assert.Equal(PresenceState.Down, presence.At(Seeing, Options, Start + Options.LostGrace));
        }
    }

    [Fact]
    public void AfterABrokersDeath_ARetainedBirth_IsNoProof()
    {
        Guid boot = Guid.NewGuid(), connection = Guid.NewGuid();
        var presence = new Presence();
        presence.OnState(HealthScene.State(true, boot, connection, Start), false, Start);
        Sight blind = Seeing.On(true, Start.AddMinutes(1)), back = blind.On(false, Start.AddMinutes(4));
        Assert.Equal(PresenceState.Unseen, presence.At(blind, Options, Start.AddMinutes(3)));
        presence.OnState(HealthScene.State(true, boot, connection, Start), true, Start.AddMinutes(4));
        Assert.Equal(PresenceState.Unseen, presence.At(back, Options, Start.AddMinutes(5)));
        Assert.Equal(PresenceState.Down, presence.At(back, Options, Start.AddMinutes(6)));
        presence.OnHeartbeat(Start.AddMinutes(6));
        Assert.Equal(PresenceState.Up, presence.At(back, Options, Start.AddMinutes(6)));
    }

    [Fact]
    public void AMomentsBlindness_ShowsNothing()
    {
        var presence = new Presence();
        presence.OnState(HealthScene.State(true, Guid.NewGuid(), Guid.NewGuid(), Start), false, Start);
        Sight back = Seeing.On(true, Start.AddSeconds(10)).On(false, Start.AddSeconds(12));
        Assert.Equal(PresenceState.Up, presence.At(back, Options, Start.AddSeconds(70)));
    }

    [Fact]
    public void Reports_ProveLife_AgainstAWrongWill_ButOnlyForAWhile()
    {
        Guid boot = Guid.NewGuid(), connection = Guid.NewGuid();
        var presence = new Presence();
        presence.OnState(HealthScene.State(true, boot, connection, Start), false, Start);
        presence.OnState(HealthScene.State(false, boot, connection, Start), false, Start.AddMinutes(1));
        presence.OnHeartbeat(Start.AddMinutes(2));
        Assert.Equal(PresenceState.Up, presence.At(Seeing, Options, Start.AddMinutes(3)));
        Assert.Equal(PresenceState.Down, presence.At(Seeing, Options, Start.AddMinutes(4)));
    }

    [Fact]
    public void NoOrderOfBirthsWillsAndReports_ShowsADeadDeviceForMoreThanNinetySeconds() => Prop.ForAll(AnyHistory, Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), (history, seed) =>
    {
        (List<(DateTimeOffset At, Action<Presence, DateTimeOffset> Tell)> messages, List<(DateTimeOffset From, DateTimeOffset To)> dead, DateTimeOffset end) = Play(history, new Random(seed));
        var presence = new Presence();
        var waiting = new Queue<(DateTimeOffset At, Action<Presence, DateTimeOffset> Tell)>(messages.OrderBy(m => m.At));
        for (DateTimeOffset now = Start; now < end.AddMinutes(3); now = now.AddSeconds(1))
        {
            while (waiting.TryPeek(out var next) && next.At <= now)
            {
                waiting.Dequeue().Tell(presence, now);
            }

            if (dead.Exists(d => d.From.AddSeconds(90) <= now && now < d.To))
            {
                Assert.NotEqual(PresenceState.Up, presence.At(Seeing, Options, now));
            }
        }

        return true;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void AnyOrderOfStates_EndsWithTheLastConnectionsFate() => Prop.ForAll(
        Gen.Choose(1, 4).ToArbitrary(), Gen.Elements(true, false).ToArbitrary(), Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), (connections, alive, seed) =>
        {
            Guid boot = Guid.NewGuid();
            List<AgentState> states = [];
            for (int i = 0; i < connections; i++)
            {
                Guid id = Guid.NewGuid();
                states.Add(HealthScene.State(true, boot, id, Start.AddMinutes(i)));
                if (i < connections - 1 || !alive)
                {
                    states.Add(HealthScene.State(false, boot, id, Start.AddMinutes(i)));
                }
            }

            var presence = new Presence();
            AgentState[] shuffled = [.. states];
            new Random(seed).Shuffle(shuffled);
            foreach (AgentState state in shuffled)
            {
                presence.OnState(state, retained: false, Start);
            }

            Assert.Equal(alive, presence.Up);
            return true;
        }).QuickCheckThrowOnFailure();

    /// <summary>What a broker would deliver: every message up to five seconds late, wills after their delay, a report a minute.</summary>
    private static (List<(DateTimeOffset, Action<Presence, DateTimeOffset>)> Messages, List<(DateTimeOffset, DateTimeOffset)> Dead, DateTimeOffset End) Play(
        (int Lives, int WillAfter, int Gap)[] history, Random chance)
    {
        List<(DateTimeOffset, Action<Presence, DateTimeOffset>)> messages = [];
        List<(DateTimeOffset, DateTimeOffset)> dead = [];
        Guid boot = Guid.NewGuid();
        DateTimeOffset at = Start;
        foreach ((int lives, int willAfter, int gap) in history)
        {
            (Guid id, DateTimeOffset born, DateTimeOffset killed) = (Guid.NewGuid(), at, at.AddSeconds(lives));
            Send(born, (p, now) => p.OnState(HealthScene.State(true, boot, id, born), false, now));
            for (DateTimeOffset beat = born.AddSeconds(chance.Next(60)); beat <= killed; beat = beat.AddSeconds(60))
            {
                Send(beat, (p, now) => p.OnHeartbeat(now));
            }

            Send(killed.AddSeconds(willAfter), (p, now) => p.OnState(HealthScene.State(false, boot, id, born), false, now));
            at = killed.AddSeconds(gap + 1);
            dead.Add((killed, at));
        }

        dead[^1] = (dead[^1].Item1, DateTimeOffset.MaxValue);
        return (messages, dead, at);

        void Send(DateTimeOffset sent, Action<Presence, DateTimeOffset> tell) => messages.Add((sent.AddMilliseconds(chance.Next(5000)), tell));
    }
}
