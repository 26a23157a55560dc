using ThreeClassrooms.Hub.Devices.Alerts;
using ThreeClassrooms.Hub.Devices.Health;

namespace ThreeClassrooms.Hub.Tests.Devices.Alerts;

/// <summary>When what is wrong becomes a message, and when it does not.</summary>
public sealed class AlertEngineTests
{
    private readonly AlertScene _scene = new AlertScene().School("石门", 5);

    [Fact]
    public void Fault_IsToldAfterTheWait_Once_AndItsEndOnce()
    {
        _scene["石门-0"].Break(IssueKind.CameraMissing, _scene.Now);
        _scene.PassSeconds(25);
        Assert.Empty(_scene.Notices);
        Assert.Equal(AlertSeverity.Critical, _scene.Alert(AlertKind.CameraMissing).Severity);
        _scene.PassMinutes(10);
        PlannedNotice fired = Assert.Single(_scene.Notices);
        Assert.Equal((NoticeKind.Firing, AlertSeverity.Critical, AlertScene.Morning.AddSeconds(30)), (fired.Kind, fired.Severity, fired.At));

        _scene["石门-0"].Mend(IssueKind.CameraMissing);
        _scene.PassMinutes(20);
        Assert.Equal([NoticeKind.Firing, NoticeKind.Resolved], _scene.Notices.Select(n => n.Kind));
        Assert.Equal(AlertScene.Morning.AddSeconds(625), Assert.Single(_scene.Notices[1].Over).EndsAt);
        Assert.Empty(_scene.Book.Alerts);
    }

    [Fact]
    public void WhatIsOverWithinTheWait_IsNeverTold()
    {
        _scene["石门-0"].Break(IssueKind.CameraMissing, _scene.Now);
        _scene.PassSeconds(20);
        _scene["石门-0"].Mend(IssueKind.CameraMissing);
        _scene.PassMinutes(10);
        Assert.Empty(_scene.Notices);
        Assert.Empty(_scene.Book.Alerts);
        Assert.Equal([AlertEventKind.Raised, AlertEventKind.Ended], _scene.Happenings.Select(h => h.Kind));
    }

    [Fact]
    public void ASchoolsAlertsOfOneFamily_AreOneMessage_AndMoreComeAfterTheInterval()
    {
        _scene["石门-0"].Break(IssueKind.CameraMissing, _scene.Now);
        _scene["石门-1"].Break(IssueKind.MicrophoneMissing, _scene.Now);
        _scene["石门-2"].Break(IssueKind.DiskFailing, _scene.Now);
        _scene.PassSeconds(40);
        Assert.Equal([2, 1], _scene.Notices.Select(n => n.Active.Count).OrderDescending());
        _scene["石门-3"].Break(IssueKind.DisplayMissing, _scene.Now);
        _scene.PassMinutes(4);
        Assert.Equal(2, _scene.Notices.Count);
        _scene.PassMinutes(2);
        Assert.Equal(3, _scene.Notices.Count);
        Assert.Equal((NoticeKind.Firing, 3), (_scene.Notices[2].Kind, _scene.Notices[2].Active.Count));
    }

    [Fact]
    public void UnattendedAlerts_AreToldAgain_AcknowledgedOnesAreNot()
    {
        _scene["石门-0"].Break(IssueKind.CameraMissing, _scene.Now);
        _scene.PassMinutes(245);
        Assert.Equal([NoticeKind.Firing, NoticeKind.Reminder], _scene.Notices.Select(n => n.Kind));
        _scene.Acknowledged.Add(_scene.Alert(AlertKind.CameraMissing).Id);
        _scene.PassMinutes(500);
        Assert.Equal(2, _scene.Notices.Count);
        _scene["石门-0"].Mend(IssueKind.CameraMissing);
        _scene.PassMinutes(10);
        Assert.Equal(NoticeKind.Resolved, _scene.Notices[2].Kind);
    }

    [Fact]
    public void OfflineAtNight_IsInformation_AndIsToldWhenSchoolBegins()
    {
        SceneDevice device = _scene["石门-0"];
        device.Moment = RoomMoment.Idle;
        device.Break(IssueKind.Offline, _scene.Now);
        _scene.PassMinutes(60);
        Assert.Equal(AlertSeverity.Information, _scene.Alert(AlertKind.Offline).Severity);
        Assert.Empty(_scene.Notices);
        device.Moment = RoomMoment.BeforeClass;
        _scene.PassMinutes(2);
        device.Moment = RoomMoment.InClass;
        _scene.PassMinutes(10);
        Assert.Equal([AlertSeverity.Warning, AlertSeverity.Critical], _scene.Notices.Select(n => n.Severity));
        device.Moment = RoomMoment.Idle;
        _scene.PassMinutes(60);
        Assert.Equal(2, _scene.Notices.Count);
        device.Mend(IssueKind.Offline);
        _scene.PassMinutes(10);
        Assert.Equal((NoticeKind.Resolved, AlertSeverity.Critical), (_scene.Notices[2].Kind, _scene.Notices[2].Severity)); // whom the worst was told hears of the end
    }

    [Fact]
    public void SwitchedOffAtNight_IsInOrder()
    {
        SceneDevice device = _scene["石门-0"];
        (device.Moment, device.SwitchedOff) = (RoomMoment.Idle, true);
        device.Break(IssueKind.Offline, _scene.Now);
        _scene.PassMinutes(10);
        Assert.Empty(_scene.Book.Alerts);
        device.Moment = RoomMoment.InClass;
        _scene.PassMinutes(1);
        Assert.Equal(AlertSeverity.Critical, _scene.Alert(AlertKind.Offline).Severity);
    }

    [Fact]
    public void ACutOffSchool_IsOneAlert_WhichMutesItsRooms_AndTheStateIsStillShown()
    {
        foreach (SceneDevice device in _scene.Devices.Values.Take(4))
        {
            device.Break(IssueKind.Offline, _scene.Now);
        }

        _scene["石门-4"].Break(IssueKind.CameraMissing, _scene.Now);
        _scene.PassMinutes(2);
        Assert.Equal(4, _scene.Book.Open.Count(a => a is { Kind: AlertKind.Offline, Mute: AlertMute.SchoolOffline }));
        PlannedNotice notice = Assert.Single(_scene.Notices, n => n.GroupKey.EndsWith("/Connection", StringComparison.Ordinal));
        Assert.Equal(AlertKind.SchoolOffline, Assert.Single(notice.Active).Kind);
        Assert.Equal(2, _scene.Notices.Count); // the camera has nothing to do with the line

        foreach (SceneDevice device in _scene.Devices.Values.Take(3)) // one stays away
        {
            device.Mend(IssueKind.Offline);
        }

        _scene.PassMinutes(10);
        Assert.Equal([AlertKind.CameraMissing, AlertKind.Offline], _scene.Book.Open.Select(a => a.Kind).Order().Reverse());
        Assert.Equal(AlertMute.None, _scene.Alert(AlertKind.Offline).Mute);
        Assert.Contains(_scene.Notices, n => n.Active.Any(a => a.Kind == AlertKind.Offline) && n.Over.Any(a => a.Kind == AlertKind.SchoolOffline));
    }

    [Theory]
    [InlineData(1, 1, false)] // one room is no school
    [InlineData(2, 1, false)]
    [InlineData(2, 2, true)]
    [InlineData(5, 3, false)]
    [InlineData(5, 4, true)]
    [InlineData(10, 7, false)]
    [InlineData(10, 8, true)]
    public void CutOff_IsAllOrNearlyAll(int rooms, int away, bool cutOff)
    {
        AlertScene scene = new AlertScene().School("白杨", rooms);
        foreach (SceneDevice device in scene.Devices.Values.Take(away))
        {
            device.Break(IssueKind.Offline, scene.Now);
        }

        scene.Step();
        Assert.Equal(cutOff, scene.Book.Open.Any(a => a.Kind == AlertKind.SchoolOffline));
    }

    [Fact]
    public void ABlindHub_IsOneAlert_AndNobodyElseIsOffline()
    {
        _scene["石门-0"].Break(IssueKind.Offline, _scene.Now);
        _scene.Sight = _scene.Sight!.On(true, _scene.Now);
        _scene.PassMinutes(3);
        PlannedNotice notice = Assert.Single(_scene.Notices);
        Assert.Equal((AlertKind.HubBlind, AlertSeverity.Critical, "hub/Connection"), (Assert.Single(notice.Active).Kind, notice.Severity, notice.GroupKey));
        Assert.Equal(AlertMute.HubBlind, _scene.Alert(AlertKind.Offline).Mute);
        _scene.Sight = _scene.Sight.On(false, _scene.Now);
        _scene["石门-0"].Mend(IssueKind.Offline);
        _scene.PassMinutes(10);
        Assert.Equal([NoticeKind.Firing, NoticeKind.Resolved], _scene.Notices.Select(n => n.Kind));
    }

    [Fact]
    public void ABlinkOfTheHub_AndHealthSwitchedOff_AreNoAlerts()
    {
        _scene.Sight = _scene.Sight!.On(true, _scene.Now);
        _scene.PassSeconds(50);
        _scene.Sight = _scene.Sight.On(false, _scene.Now);
        _scene.PassMinutes(5);
        _scene.Sight = null;
        _scene.PassMinutes(5);
        Assert.Empty(_scene.Happenings);
    }

    [Fact]
    public void TwoThousandDevicesGoAndReturn_AtMostOneMessagePerSchool()
    {
        var random = new Random(7);
        var scene = new AlertScene();
        for (int school = 0; school < 100; school++)
        {
            scene.School($"学校{school}", 20);
        }

        scene.PassSeconds(5);
        List<(int Second, SceneDevice Device)> away = [.. scene.Devices.Values.Select(d => (random.Next(0, 60), d))];
        foreach (bool returns in new[] { false, true })
        {
            for (int second = 0; second <= 120; second += 5)
            {
                foreach ((_, SceneDevice device) in away.Where(a => a.Second <= second && a.Device.Has(IssueKind.Offline) == returns))
                {
                    _ = returns ? device.Mend(IssueKind.Offline) : device.Break(IssueKind.Offline, scene.Now);
                }

                scene.Now = scene.Now.AddSeconds(5);
                scene.Step();
            }
        }

        scene.Pass(TimeSpan.FromMinutes(15), every: 30);
        Assert.Equal(2000, scene.Devices.Count);
        Assert.All(scene.Notices.Where(n => n.Kind == NoticeKind.Firing).GroupBy(n => n.GroupKey), g => Assert.Single(g));
        Assert.Equal(100, scene.Notices.Count(n => n.Kind == NoticeKind.Firing));
        Assert.Equal(100, scene.Notices.Count(n => n.Kind == NoticeKind.Resolved));
        Assert.Empty(scene.Book.Alerts);
    }

    [Fact]
    public void ABrokersRestart_OfTwoThousandDevices_IsTellingNobody()
    {
        var scene = new AlertScene();
        for (int school = 0; school < 100; school++)
        {
            scene.School($"学校{school}", 20);
        }

        scene.PassSeconds(5);
        scene.Sight = scene.Sight!.On(true, scene.Now);
        scene.PassSeconds(45);
        scene.Sight = scene.Sight.On(false, scene.Now);
        scene.Pass(TimeSpan.FromMinutes(10), every: 30);
        Assert.Empty(scene.Notices);
    }

    [Fact]
    public void Flapping_IsToldWhenItBegins_AndWhenItStops_AndItsStateIsAlwaysShown()
    {
        SceneDevice device = _scene["石门-0"];
        for (int i = 0; i < 12; i++)
        {
            device.Break(IssueKind.CameraMissing, _scene.Now);
            _scene.PassMinutes(1);
            if (i > 3)
            {
                Assert.Null(_scene.Alert(AlertKind.CameraMissing).QuietSince);
            }

            device.Mend(IssueKind.CameraMissing);
            _scene.PassMinutes(1);
            if (i > 3)
            {
                Assert.NotNull(_scene.Alert(AlertKind.CameraMissing).QuietSince);
                Assert.NotNull(_scene.Alert(AlertKind.CameraMissing).FlappingSince);
            }
        }

        int told = _scene.Notices.Count;
        Assert.InRange(told, 1, 3); // the first change, and that it flaps
        Assert.Contains(_scene.Notices, n => n.Active.Any(a => a.FlappingSince is not null));
        _scene.PassMinutes(60);
        Assert.Equal(told + 1, _scene.Notices.Count);
        Assert.Equal(NoticeKind.Resolved, _scene.Notices[^1].Kind);
        Assert.Empty(_scene.Book.Alerts);
        Assert.Empty(_scene.Book.Tracks);
        Assert.Single(_scene.Happenings, h => h.Kind == AlertEventKind.FlappingStarted);
        Assert.Single(_scene.Happenings, h => h.Kind == AlertEventKind.FlappingStopped);
    }

    [Fact]
    public void Silence_CoversFlappingToo_EndsByItself_AndTheStateIsShown()
    {
        SceneDevice device = _scene["石门-0"];
        _scene.Silence(device, AlertKind.CameraMissing, TimeSpan.FromHours(1));
        for (int i = 0; i < 10; i++)
        {
            device.Break(IssueKind.CameraMissing, _scene.Now);
            _scene.PassMinutes(1);
            device.Mend(IssueKind.CameraMissing);
            _scene.PassMinutes(1);
        }

        device.Break(IssueKind.CameraMissing, _scene.Now);
        device.Break(IssueKind.DisplayMissing, _scene.Now); // another kind, not covered
        _scene.PassMinutes(35);
        Assert.Equal(AlertMute.Silenced, _scene.Alert(AlertKind.CameraMissing).Mute);
        Assert.Equal(AlertKind.DisplayMissing, Assert.Single(Assert.Single(_scene.Notices).Active).Kind);
        _scene.PassMinutes(10);
        Assert.Equal(AlertMute.None, _scene.Alert(AlertKind.CameraMissing).Mute);
        Assert.Contains(_scene.Notices[^1].Active, a => a.Kind == AlertKind.CameraMissing);
    }

    [Fact]
    public void Maintenance_IsSilent_AndADisabledDeviceHasNoAlerts()
    {
        SceneDevice device = _scene["石门-0"];
        device.State = HealthState.Maintenance;
        device.Break(IssueKind.CameraMissing, _scene.Now);
        _scene.PassMinutes(5);
        Assert.Equal(AlertMute.Maintenance, _scene.Alert(AlertKind.CameraMissing).Mute);
        Assert.Empty(_scene.Notices);
        device.State = null;
        _scene.PassMinutes(5);
        Assert.Single(_scene.Notices);
        device.State = HealthState.Disabled;
        _scene.PassMinutes(10);
        Assert.Equal(AlertEnding.DeviceGone, Assert.Single(_scene.Notices[1].Over).Ending);
    }

    [Fact]
    public void Rules_SwitchOff_Weigh_AndWait()
    {
        SceneDevice device = _scene["石门-0"];
        _scene.Rules[AlertKind.ClockOff] = new AlertRule { Kind = AlertKind.ClockOff, MinimumDuration = TimeSpan.FromMinutes(10), InClass = AlertSeverity.Critical };
        _scene.Rules[AlertKind.CameraMissing] = new AlertRule { Kind = AlertKind.CameraMissing, On = false };
        device.Break(IssueKind.ClockOff, _scene.Now);
        device.Break(IssueKind.CameraMissing, _scene.Now);
        _scene.PassMinutes(9);
        Assert.Empty(_scene.Book.Alerts);
        _scene.PassMinutes(2);
        Assert.Equal((AlertSeverity.Critical, AlertScene.Morning), (_scene.Alert(AlertKind.ClockOff).Severity, _scene.Alert(AlertKind.ClockOff).StartsAt));
        _scene.Rules[AlertKind.ClockOff] = new AlertRule { Kind = AlertKind.ClockOff, On = false };
        _scene.PassMinutes(10);
        Assert.Equal(AlertEnding.RuleOff, Assert.Single(_scene.Notices[1].Over).Ending);
    }

    [Fact]
    public void AMessage_GoesToTheRulesChannels_AndToAllWhereOneKindHasNone()
    {
        Guid office = Guid.NewGuid(), gone = Guid.NewGuid();
        AlertRule rule = new() { Kind = AlertKind.CameraMissing, Channels = $"{gone} {office}" };
        _scene.Rules[AlertKind.CameraMissing] = rule.To(new HashSet<Guid> { office });
        _scene["石门-0"].Break(IssueKind.CameraMissing, _scene.Now);
        _scene.PassMinutes(1);
        Assert.Equal([office], _scene.Notices[0].Channels);
        _scene["石门-1"].Break(IssueKind.DisplayMissing, _scene.Now);
        _scene.PassMinutes(10);
        Assert.Empty(_scene.Notices[1].Channels);
        Assert.Empty(rule.To(new HashSet<Guid>()).ChannelIds); // nobody left: all hear of it
    }

    [Fact]
    public void ReturningBeforeItsEndWasTold_ItIsTheSameAlert()
    {
        SceneDevice device = _scene["石门-0"];
        device.Break(IssueKind.CameraMissing, _scene.Now);
        _scene.PassMinutes(1);
        Guid id = _scene.Alert(AlertKind.CameraMissing).Id;
        device.Mend(IssueKind.CameraMissing);
        _scene.PassMinutes(1);
        device.Break(IssueKind.CameraMissing, _scene.Now);
        _scene.PassMinutes(30);
        Assert.Equal(id, _scene.Alert(AlertKind.CameraMissing).Id);
        Assert.Single(_scene.Notices);
    }

    [Fact]
    public void WhatIsNotJudgedYet_Stands()
    {
        SceneDevice device = _scene["石门-0"];
        device.Break(IssueKind.CameraMissing, _scene.Now);
        _scene.PassMinutes(1);
        device.Unjudged = true; // the hub was started again a moment ago
        _scene.PassMinutes(1);
        Assert.True(_scene.Alert(AlertKind.CameraMissing).IsOpen);
        _scene.Devices.Remove(device.Id);
        _scene.PassMinutes(10);
        Assert.Equal(AlertEnding.DeviceGone, Assert.Single(_scene.Notices[^1].Over).Ending);
    }

    [Fact]
    public void TheSignOfLife_ComesOnceADay_AlsoAfterARestart()
    {
        _scene.AliveDue = AlertScene.Morning.AddHours(-2);
        _scene.PassMinutes(1);
        Assert.Empty(_scene.Notices); // a hub that begins its life
        for (int day = 1; day <= 3; day++)
        {
            _scene.AliveDue = AlertScene.Morning.AddHours(-2).AddDays(day);
            _scene.Now = AlertScene.Morning.AddHours(-2).AddDays(day).AddSeconds(-10);
            _scene.PassMinutes(3);
            Assert.Equal(day, _scene.Notices.Count(n => n.Kind == NoticeKind.Alive));
        }
    }

    [Theory]
    [InlineData(AlertKind.EvidenceConflict)]
    [InlineData(AlertKind.EvidenceAside)]
    internal void EvidenceThatDoesNotCount_IsToldOnce_WhateverTheHour_AndEndsWithItsTime(AlertKind kind)
    {
        SceneDevice device = _scene["石门-0"];
        device.Moment = RoomMoment.Idle;
        device.Evidence.Add(new EvidenceTrouble(kind, 3, _scene.Now.AddHours(-2)));
        _scene.PassMinutes(5);
        Alert alert = _scene.Alert(kind);
        Assert.Equal((AlertSeverity.Warning, 3.0, device.Id), (alert.Severity, alert.Value!.Value, alert.DeviceId));
        Assert.Equal(NoticeKind.Firing, Assert.Single(_scene.Notices).Kind);
        device.Evidence.Clear();
        _scene.PassMinutes(10);
        Assert.Equal([NoticeKind.Firing, NoticeKind.Resolved], _scene.Notices.Select(n => n.Kind));
    }
}
