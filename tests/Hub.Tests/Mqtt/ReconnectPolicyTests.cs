using FsCheck;
using FsCheck.Fluent;
using ThreeClassrooms.Mqtt;

namespace ThreeClassrooms.Hub.Tests.Mqtt;

public sealed class ReconnectPolicyTests
{
    private static readonly TimeSpan Start = TimeSpan.FromHours(1);

    [Fact]
    public void AnyStory_EveryPauseIsWithinItsBounds() => Check.QuickThrowOnFailure(Prop.ForAll(
        Gen.Elements(Enum.GetValues<MqttReason>()).Zip(Gen.Choose(0, 999)).Zip(Gen.Choose(-1, 1000)).ListOf().ToArbitrary(),
        story =>
        {
            var policy = new ReconnectPolicy();
            TimeSpan now = Start;
            foreach (((MqttReason reason, int random), int seconds) in story)
            {
                if (seconds >= 0)
                {
                    policy.OnUp(now);
                    now += TimeSpan.FromSeconds(seconds);
                }

                TimeSpan pause = policy.OnDown(reason, now, random / 1000.0);
                now += pause;
                if (!IsWithin(reason, pause))
                {
                    return false;
                }
            }

            return true;
        }));

    [Fact]
    public void Failures_DoubleTheBound_UpToFiveMinutes()
    {
        var policy = new ReconnectPolicy();
        double[] most = [.. Enumerable.Range(0, 12).Select(_ => policy.OnDown(MqttReason.Unreachable, Start, 1).TotalSeconds)];
        Assert.Equal([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300], most);
    }

    [Fact]
    public void Jitter_IsFull_ButNeverNothing()
    {
        Assert.Equal(ReconnectPolicy.Least, new ReconnectPolicy().OnDown(MqttReason.Unreachable, Start, 0));
        Assert.Equal(TimeSpan.FromSeconds(0.5), new ReconnectPolicy().OnDown(MqttReason.ConnectionLost, Start, 0.5));
    }

    [Fact]
    public void SteadyConnection_BeginsAnew_ABriefOneDoesNot()
    {
        ReconnectPolicy steady = Failed(6), brief = Failed(6);
        steady.OnUp(Start);
        brief.OnUp(Start);
        Assert.Equal(TimeSpan.FromSeconds(1), steady.OnDown(MqttReason.ConnectionLost, Start + ReconnectPolicy.Steady, 1));
        Assert.Equal(TimeSpan.FromSeconds(64), brief.OnDown(MqttReason.ConnectionLost, Start + TimeSpan.FromSeconds(1), 1));
    }

    [Fact]
    public void TwoMachinesWithOneIdentity_ThrowEachOtherOutEverMoreSlowly()
    {
        var policy = new ReconnectPolicy();
        var pauses = new List<double>();
        for (int i = 0; i < 5; i++)
        {
            policy.OnUp(Start);
            pauses.Add(policy.OnDown(MqttReason.ConnectionLost, Start + TimeSpan.FromSeconds(1), 1).TotalSeconds);
        }

        Assert.Equal([1, 2, 4, 8, 16], pauses);
    }

    private static ReconnectPolicy Failed(int times)
    {
        var policy = new ReconnectPolicy();
        for (int i = 0; i < times; i++)
        {
            policy.OnDown(MqttReason.Unreachable, Start, 0);
        }

        return policy;
    }

    private static bool IsWithin(MqttReason reason, TimeSpan pause) => reason switch
    {
        _ when reason.IsRefusal() => pause >= ReconnectPolicy.RefusedAtLeast && pause <= ReconnectPolicy.RefusedAtMost,
        MqttReason.SessionTakenOver => pause >= ReconnectPolicy.TakenOver && pause <= ReconnectPolicy.TakenOver + ReconnectPolicy.First,
        MqttReason.ServerBusy or MqttReason.ConnectionRateExceeded => pause >= ReconnectPolicy.Busy && pause <= ReconnectPolicy.Busy + ReconnectPolicy.Longest,
        _ => pause >= ReconnectPolicy.Least && pause <= ReconnectPolicy.Longest,
    };
}
