using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using ThreeClassrooms.Hub.Devices.Alerts;
using ThreeClassrooms.Hub.Devices.Health;

namespace ThreeClassrooms.Hub.Tests.Devices.Alerts;

/// <summary>What holds whatever breaks, returns, is silenced or acknowledged, in whatever order.</summary>
public sealed class AlertEngineProperties
{
    private static readonly IssueKind[] Kinds = [IssueKind.Offline, IssueKind.CameraMissing, IssueKind.DiskFailing, IssueKind.NetworkPoor];

    private static readonly Gen<(int Seconds, int Device, int What, int Kind)> AnyChange =
        from seconds in Gen.Frequency((4, Gen.Choose(0, 90)), (1, Gen.Choose(100, 2000)))
        from device in Gen.Choose(0, 7)
        from what in Gen.Choose(0, 13)
        from kind in Gen.Choose(0, Kinds.Length - 1)
        select (seconds, device, what, kind);

    private static readonly Arbitrary<(int Seconds, int Device, int What, int Kind)[]> AnyDay = AnyChange.NonEmptyListOf().Select(l => l.Take(60).ToArray()).ToArbitrary();

    [Fact]
    public void NoGroupFiresTwiceWithinTheInterval_AndEveryEndIsToldOnce() => Prop.ForAll(AnyDay, changes =>
    {
        AlertScene scene = Play(changes, _ => { });
        foreach (IGrouping<string, PlannedNotice> group in scene.Notices.Where(n => n.Kind == NoticeKind.Firing).GroupBy(n => n.GroupKey))
        {
            DateTimeOffset[] times = [.. group.Select(n => n.At)];
            Assert.All(times.Zip(times.Skip(1)), pair => Assert.True(pair.Second - pair.First >= scene.Options.GroupInterval, $"{group.Key}: {pair.First:T} {pair.Second:T}"));
        }

        // In the end all is well: whatever was told is told to be over, once.
        Mend(scene);
        Assert.Empty(scene.Book.Alerts);
        HashSet<Guid> fired = [.. scene.Notices.SelectMany(n => n.Active).Select(a => a.Id)];
        List<Guid> over = [.. scene.Notices.SelectMany(n => n.Over).Select(a => a.Id)];
        Assert.Equal(over.Count, over.Distinct().Count());
        Assert.True(fired.SetEquals(over));
        return true;
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(50));

    [Fact]
    public void WhatIsWrong_IsAlwaysShown_MutedOrNot() => Prop.ForAll(AnyDay, changes =>
    {
        Play(changes, scene =>
        {
            foreach (SceneDevice device in scene.Devices.Values)
            {
                foreach (IssueKind kind in Kinds)
                {
                    bool shown = scene.Book.Open.Any(a => a.DeviceId == device.Id && a.Kind == AlertKinds.Of(kind) && a.QuietSince is null);
                    Assert.Equal(device.Has(kind) && device.State != HealthState.Disabled, shown);
                }
            }
        });
        return true;
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(50));

    [Fact]
    public void TheOrderOfDevices_DoesNotMatter_NorDoesARestart() => Prop.ForAll(AnyDay, changes =>
    {
        var random = new Random(changes.Length);
        Play(changes, scene =>
        {
            var policy = new AlertPolicy(scene.Options, scene.Rules, scene.Silences, scene.Acknowledged);
            AlertSight sight = scene.SightNow();
            DateTimeOffset later = scene.Now.AddSeconds(40);
            AlertStep one = AlertEngine.Step(scene.Book, sight, policy, later);
            AlertSight shuffled = sight with { Devices = [.. sight.Devices.OrderBy(_ => random.Next()).Select(d => d with { View = d.View! with { Issues = [.. d.View.Issues.Reverse()] } })] };
            AlertBook reread = new(
                scene.Book.Alerts.Values.OrderBy(_ => random.Next()).ToImmutableDictionary(a => a.Fingerprint), scene.Book.Groups,
                scene.Book.Tracks);
            AlertStep other = AlertEngine.Step(reread, shuffled, policy, later);
            Assert.Equal(Text(one), Text(other));
        });
        return true;
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(15));

    private static AlertScene Play((int Seconds, int Device, int What, int Kind)[] changes, Action<AlertScene> look)
    {
        AlertScene scene = new AlertScene().School("甲", 4).School("乙", 3).School("丙", 1);
        SceneDevice[] devices = [.. scene.Devices.Values];
        foreach ((int seconds, int which, int what, int kind) in changes)
        {
            Change(scene, devices[which], what, Kinds[kind]);
            scene.Step();
            look(scene);
            scene.Pass(TimeSpan.FromSeconds(seconds), every: 10);
        }

        return scene;
    }

    private static void Change(AlertScene scene, SceneDevice device, int what, IssueKind kind)
    {
        switch (what)
        {
            case < 6: device.Break(kind, scene.Now); break;
            case < 9: device.Mend(kind); break;
            case 9: device.Moment = (RoomMoment)((int)kind % 3); break;
            case 10: scene.Silence(device, AlertKinds.Of(kind), TimeSpan.FromMinutes(3 + (int)kind)); break;
            case 11: scene.Sight = scene.Sight!.On(!scene.Sight.Blind, scene.Now); break;
            case 12: scene.Acknowledged.UnionWith(scene.Book.Open.Take(1).Select(a => a.Id)); break;
            default: device.State = device.State is null ? HealthState.Disabled : null; break;
        }
    }

    private static void Mend(AlertScene scene)
    {
        foreach (SceneDevice device in scene.Devices.Values)
        {
            device.State = null;
            foreach (IssueKind kind in Kinds)
            {
                device.Mend(kind);
            }
        }

        scene.Sight = scene.Sight!.On(false, scene.Now);
        scene.Pass(TimeSpan.FromMinutes(45), every: 20);
    }

    private static string Text(AlertStep step) => string.Join(
        '\n',
        step.After.Alerts.Values.OrderBy(a => a.Fingerprint, StringComparer.Ordinal).Select(a => a.ToString())
            .Concat(step.After.Groups.Values.OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => g.ToString()))
            .Concat(step.Notices.Select(n => $"{n.GroupKey} {n.Kind} {n.Severity} {string.Join(' ', n.Active.Select(a => a.Fingerprint))} {string.Join(' ', n.Over.Select(a => a.Fingerprint))} {n.Remaining}"))
            .Concat(step.Happenings.Select(h => $"{h.Kind} {h.Alert.Fingerprint}").Order(StringComparer.Ordinal)));
}
